#!/usr/bin/env python3
"""批量吊销接口的报送示例。只用标准库，Python 3.6 以上。

命令行：

    python3 diaoxiao_client.py URL appKey account secretFile case.json [list.csv]

case.json 是整件案件；另给出 list.csv（列 pripid、uniscid、legal、enttype，UTF-8）时，case.json 只写案件本身，清单
逐行取自 list.csv，多长都可以。环境变量：DIAOXIAO_CA 私有 CA 证书（PEM），DIAOXIAO_ATTEMPTS 最多尝试次数（默认 8）。
标准输出只有业务受理号。退出码：0 已受理；1 没有送达；2 用法或文件有误；3 被拒绝；4 结果未知，须以相同内容再报。

在程序中使用：

    client = Client(url, app_key, account, secret, ca="ca.pem")
    acceptid = client.submit(case, entities)    # 可以反复调用，会话自动续期

同一个 Client 不要同时用于几个线程。
"""
import csv
import http.client
import json
import os
import random
import re
import shutil
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

COLUMNS = ("pripid", "uniscid", "legal", "enttype")
RENEW = 25 * 60  # 令牌自登录起 30 分钟有效，留 5 分钟余量
LONGEST = 300  # 秒：接收方要求等得更久的，这一次就到此为止
TIMEOUT = 120  # 秒：连接、以及每次读写停顿的上限


class NotSent(Exception):
    """没有送达：案件肯定没有被受理，排除原因后再报。"""


class Unknown(Exception):
    """结果未知：可能已受理，也可能没有。以完全相同的内容再报，得到的受理号不会重复。"""


class Refused(Exception):
    """被拒绝：案件没有受理。errors 是应答中的各条错误。"""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("\n".join(map(describe, errors)))

    def codes(self):
        return [str(e["errorCode"]) for e in self.errors]


def describe(error):
    """一条错误：代码、说明、位置、怎么办。"""
    code = str(error["errorCode"])
    where = "（%s）" % error["field"] if error.get("field") else ""
    return "%s %s%s\n      → %s" % (code, error.get("message", ""), where, advice(code))


def advice(code):
    if code in ("12002", "12003", "12004"):
        return "检查 appKey、account 和密钥文件；都没有错的，联系接收方管理员"
    if code == "13000":
        return "令牌失效；本程序已重新登录仍不通过，检查本机与接收方之间的代理"
    if code == "19005":
        return "该案件编号已受理过另一内容；要更正的，请接收方退回原案件后重报，或改用新的案件编号"
    if code in ("19006", "19012"):
        return "拆成几件，用不同的案件编号分别报送"
    if code.startswith("14") or code in ("19001", "19002", "19003", "19004"):
        return "按说明改正后重新报送；整件都没有受理"
    return "见错误代码表 docs/codes.md；不能解决的，联系接收方"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """令牌在 URL 中，不能跟着重定向去别处。"""

    def redirect_request(self, *_):
        return None


class Broken(Exception):
    """没有得到接口的应答。sent：请求可能已经到达接收方。"""

    def __init__(self, text, sent, wait=0, final=False):
        super().__init__(text)
        self.sent, self.wait, self.final = sent, wait, final or wait > LONGEST


class Client:
    def __init__(self, url, app_key, account, secret, ca=None, attempts=8, log=lambda text: None):
        self.base = url.rstrip("/") + "/security/"
        self.identity = {"appKey": app_key, "appSecret": secret, "account": account}
        self.attempts, self.log = attempts, log
        self.token, self.born = None, 0.0
        context = ssl.create_default_context(cafile=ca)  # 检查证书和主机名
        if hasattr(context, "minimum_version"):
            context.minimum_version = ssl.TLSVersion.TLSv1_2
        else:  # Python 3.6
            context.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), NoRedirect)

    def submit(self, case, entities=None):
        """报送一件案件，返回业务受理号。entities：清单的迭代器，不给出时用 case["penaltylist"]。"""
        with tempfile.TemporaryFile() as body:
            if entities is None:
                body.write(encode(case))
            else:
                head = encode({k: v for k, v in case.items() if k != "penaltylist"})
                body.write(head[:-1] + b',"penaltylist":[')
                for i, entity in enumerate(entities):
                    body.write((b",\n" if i else b"\n") + encode({c: entity[c] for c in COLUMNS}))
                body.write(b"]}")
            return self.send(body)

    def submit_file(self, path):
        """报送一个写好的案件文件，逐字节照原样。"""
        with open(path, "rb") as file, tempfile.TemporaryFile() as body:
            shutil.copyfileobj(file, body)  # 先存一份：重试必须逐字节相同，而文件可能中途被改
            return self.send(body)

    def send(self, body):
        """以相同的字节报送，直到有了结果。"""
        size = body.seek(0, os.SEEK_END)
        unknown = False
        last = NotSent("没有尝试")
        for attempt in range(1, self.attempts + 1):
            try:
                token = self.session()
            except (NotSent, Refused) as e:  # 登录不成：前面若有一次结果未知，现在仍然未知
                raise Unknown(str(e)) if unknown else e
            body.seek(0)
            try:
                answer = self.exchange("receiveCaseinfo", body, size, token)
                if success(answer):
                    return either(answer, "acceptid", "accpetid")
                last = Refused(answer["errors"])
                if "13000" in last.codes():
                    self.token = None
                    self.pause(attempt, 0, "令牌失效，重新登录", last)
                    continue
                # 前面有过结果未知的尝试，只有由内容决定的拒绝才说明案件没有受理
                if unknown and not all(re.match("14|1900[2345]|19012", c) for c in last.codes()):
                    raise Unknown(str(last))
                raise last
            except Broken as e:
                unknown = unknown or e.sent
                last = NotSent(str(e))
                if e.final:
                    break
                self.pause(attempt, e.wait, str(e), last)
        raise Unknown(str(last)) if unknown else last

    def session(self):
        """返回有效的令牌，必要时登录。"""
        if self.token and time.monotonic() - self.born < RENEW:
            return self.token
        body = encode(self.identity)
        last = None
        for attempt in range(1, self.attempts + 1):
            born = time.monotonic()  # 发出登录之前：服务端只会更晚起算
            try:
                answer = self.exchange("login", body, len(body))
                if not success(answer):
                    raise Refused(answer["errors"])
                self.token, self.born = either(answer, "access_token", "accessToken"), born
                return self.token
            except Broken as e:
                last = NotSent("登录：%s" % e)
                if e.final:
                    break
                self.pause(attempt, e.wait, str(last), last)
        raise last

    def logout(self):
        """注销会话。不成功也无妨：会话自会到期。"""
        token, self.token = self.token, None
        if token:
            try:
                self.exchange("logout", b"{}", 2, token)
            except Broken:
                pass

    def query(self, **which):
        """查询受理情况：query(acceptid=…) 或 query(caseid=…)。扩展接口；没有结果时可以再问。"""
        body = encode(which)
        answer = self.exchange("queryCaseinfo", body, len(body), self.session())
        if not success(answer):
            raise Refused(answer["errors"])
        return answer

    def exchange(self, call, body, size, token=None):
        """发一次请求，返回应答；得不到接口的应答时抛 Broken。错误信息中没有 URL，因为其中有令牌。"""
        url = self.base + call + ("?access_token=" + urllib.parse.quote(token) if token else "")
        request = urllib.request.Request(url, data=body, method="POST", headers={
            "Content-Type": "application/json; charset=utf-8", "Content-Length": str(size)})
        try:
            try:
                response = self.opener.open(request, timeout=TIMEOUT)
            except urllib.error.HTTPError as e:  # 4xx、5xx 也有应答
                response = e
            with response:
                status, wait, raw = response.getcode(), seconds(response.headers.get("Retry-After")), response.read(1 << 20)
        except (OSError, http.client.HTTPException) as e:
            raise broken(e)
        return understand(status, wait, raw)

    def pause(self, attempt, wait, text, last):
        """等待 Retry-After 的秒数，再加一段随机的时间，免得许多报送端同时回来。"""
        if attempt >= self.attempts:
            return
        wait += random.uniform(0, min(30.0, 0.5 * 2 ** (attempt - 1)))
        self.log("第 %d 次：%s；%.1f 秒后以相同内容重试" % (attempt, text, wait))
        time.sleep(wait)


def understand(status, wait, raw):
    """读应答。19008、19009、5xx 和不是本接口的应答都要重试。"""
    try:
        answer = json.loads(raw.decode("utf-8"))
        codes = [str(e["errorCode"]) for e in answer["errors"]]
        complete = success(answer) or codes
    except (ValueError, LookupError, TypeError, RecursionError):
        complete = False
    if not complete:
        raise Broken("HTTP %d，不是接口的应答（检查地址，以及沿途的代理）" % status, sent=True, wait=wait)
    if success(answer):
        return answer
    if status >= 500 or "19008" in codes or "19009" in codes:
        raise Broken("HTTP %d，%s %s" % (status, codes[0], answer["errors"][0].get("message", "")), "19008" not in codes, wait)
    return answer


def broken(e):
    """把网络错误说清楚，并判断请求是否可能已经发出。"""
    cause = getattr(e, "reason", e)
    if isinstance(cause, ssl.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(cause):
        return Broken("不信任服务器的证书（%s）；用 DIAOXIAO_CA 指定接收方的 CA 证书" % cause, sent=False, final=True)
    sent = not isinstance(cause, (ConnectionRefusedError, ssl.SSLError)) and type(cause).__name__ != "gaierror"
    return Broken("没有收到应答（%s）" % (cause or type(cause).__name__), sent)


def success(answer):
    return (answer.get("ackCode") or answer.get("ack_code")) == "SUCCESS"


def either(answer, *names):
    """应答中的一个值；规范有几种写法。"""
    for name in names:
        if isinstance(answer.get(name), str) and answer[name]:
            return answer[name]
    raise Broken("应答中没有 " + names[0], sent=True)


def seconds(text):
    return int(text) if text and text.isdigit() else 0


def encode(value):
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def rows(path):
    """逐行读 CSV。"""
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file, strict=True)
        missing = [c for c in COLUMNS if c not in (table.fieldnames or [])]
        if missing:
            raise ValueError("%s 第 1 行没有列 %s" % (path, "、".join(missing)))
        for row in table:
            if any(row[c] is None for c in COLUMNS):
                raise ValueError("%s 第 %d 行的列数不够" % (path, table.line_num))
            yield row


def readable(stream):
    """旧系统的默认编码可能写不了汉字（如 LANG=C），那时用 UTF-8。"""
    try:
        "案".encode(stream.encoding or "ascii")
        return stream
    except UnicodeError:
        return open(stream.fileno(), "w", encoding="utf-8", closefd=False)


def main(args):
    err = readable(sys.stderr)

    def say(text):
        print(text, file=err, flush=True)

    if len(args) not in (5, 6):
        say(__doc__)
        return 2
    try:
        with open(args[3], encoding="utf-8-sig") as file:
            secret = file.read().strip()
        client = Client(args[0], args[1], args[2], secret, os.environ.get("DIAOXIAO_CA"), int(os.environ.get("DIAOXIAO_ATTEMPTS", "8")), say)
        if len(args) == 5:
            acceptid = client.submit_file(args[4])
        else:
            with open(args[4], encoding="utf-8-sig") as file:
                case = json.load(file)
            acceptid = client.submit(case, rows(args[5]))
    except NotSent as e:
        say("没有送达：%s\n案件没有受理，排除原因后再报。" % e)
        return 1
    except Refused as e:
        say("被拒绝，案件没有受理：\n%s" % e)
        return 3
    except Unknown as e:
        say("结果未知：%s\n不能当作已受理，也不能当作失败。稍后以完全相同的内容再运行一次：已受理的会得到原来的受理号。" % e)
        return 4
    except (OSError, ValueError, csv.Error) as e:
        say("用法或文件有误：%s" % e)
        return 2
    print(acceptid, flush=True)
    client.logout()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
