import java.io.File;
import java.util.*;

/** Uses the sample as a program would: URL appKey appSecret CA. */
public class Use {
    public static void main(String[] args) throws Exception {
        DiaoxiaoClient client = new DiaoxiaoClient(args[0], args[1], "张三", args[2]).trust(new File(args[3]));
        DiaoxiaoClient.Case c = new DiaoxiaoClient.Case();
        c.caseid = "甲";
        c.casename = "名";
        c.caseintroduction = "由";
        c.illegality = "违";
        c.penalty = "罚";
        c.penaltydate = "2026-03-16";
        c.penaltyorg = "关";
        System.out.println(client.submit(c, Collections.singletonList(row(1)).iterator()));
        c.caseid = "乙";
        String second = client.submit(c, new Iterator<DiaoxiaoClient.Entity>() {
            int i;
            public boolean hasNext() { return i < 20000; }
            public DiaoxiaoClient.Entity next() { return row(i++); }
        });
        System.out.println(second);
        System.out.println(client.query("acceptid", second).get("items"));
        client.logout();
    }

    static DiaoxiaoClient.Entity row(int i) {
        DiaoxiaoClient.Entity e = new DiaoxiaoClient.Entity();
        e.pripid = "" + i;
        e.uniscid = "2";
        e.legal = "𠮷·é";
        e.enttype = "4";
        return e;
    }
}
