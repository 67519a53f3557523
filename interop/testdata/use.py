# Uses the sample as a program would: URL appKey account appSecret CA.
import sys
from diaoxiao_client import Client

url, key, account, secret, ca = sys.argv[1:]
client = Client(url, key, account, secret, ca=ca)
case = dict(caseid="甲", casename="名", caseintroduction="由", illegality="违", penalty="罚", penaltydate="2026-03-16", penaltyorg="关")
row = dict(pripid="1", uniscid="2", legal="𠮷·é", enttype="4")
print(client.submit(dict(case, penaltylist=[row])))
case["caseid"] = "乙"
second = client.submit(case, (dict(row, pripid=str(i)) for i in range(20000)))
print(second)
print(client.query(acceptid=second)["items"])
client.logout()
