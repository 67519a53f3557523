using System;
using System.Linq;

/// <summary>Uses the sample as a program would: URL appKey appSecret.</summary>
class Use
{
    static void Main(string[] args)
    {
        var client = new DiaoxiaoClient(args[0], args[1], "张三", args[2]);
        var c = new DiaoxiaoClient.Case { caseid = "甲", casename = "名", caseintroduction = "由", illegality = "违", penalty = "罚", penaltydate = "2026-03-16", penaltyorg = "关" };
        Console.WriteLine(client.Submit(c, new[] { Row(1) }));
        c.caseid = "乙";
        string second = client.Submit(c, Enumerable.Range(0, 20000).Select(Row));
        Console.WriteLine(second);
        Console.WriteLine(client.Query("acceptid", second).items);
        client.Logout();
    }

    static DiaoxiaoClient.Entity Row(int i)
    {
        return new DiaoxiaoClient.Entity { pripid = i.ToString(), uniscid = "2", legal = "𠮷·é", enttype = "4" };
    }
}
