import java.io.*;
import java.net.*;
import java.nio.charset.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;

/**
 * 批量吊销接口的报送客户端。只有这一个源文件，不依赖任何类库，Java 8 以上。
 *
 * <p>在程序中使用（放进自己的包即可）：
 *
 * <pre>
 *   DiaoxiaoClient client = new DiaoxiaoClient("https://…", appKey, account, appSecret);
 *   client.trust(new File("ca.pem"));                    // 接收方用私有 CA 时；已导入 JDK 信任库的不必
 *   try {
 *       String acceptid = client.submit(theCase, list);  // 清单是迭代器，可以边查数据库边发，多长都可以
 *   } catch (DiaoxiaoClient.Refused e) {                 // 没有受理：按 e.getMessage() 改正
 *   } catch (DiaoxiaoClient.NotSent e) {                 // 没有送达：排除原因后再报
 *   } catch (DiaoxiaoClient.Unknown e) {                 // 结果未知：记下来，稍后以相同内容再报，不能当作成功或失败
 *   }
 * </pre>
 *
 * <p>会话自动登录、自动续期。同一个对象不要同时用于几个线程。命令行的用法见 {@link #main}。
 */
public class DiaoxiaoClient {
    /** 案件：规范 3.2 的七项文字，全部必填。 */
    public static class Case {
        public String caseid, casename, caseintroduction, illegality, penalty, penaltydate, penaltyorg;
    }

    /** 清单中的一个市场主体：规范 4.1 的四项，全部必填。 */
    public static class Entity {
        public String pripid, uniscid, legal, enttype;
    }

    /** 被拒绝：案件没有受理。 */
    public static class Refused extends Exception {
        public final List<String> codes = new ArrayList<>(); // 错误代码，次序同应答

        Refused(List<Map<String, Object>> errors) {
            super(describe(errors));
            for (Map<String, Object> e : errors) codes.add(text(e, "errorCode"));
        }
    }

    /** 没有送达：案件肯定没有受理。 */
    public static class NotSent extends Exception {
        NotSent(String message) { super(message); }
    }

    /** 结果未知：可能已受理，也可能没有。以完全相同的内容再报；已受理的会得到原来的受理号。 */
    public static class Unknown extends Exception {
        Unknown(String message) { super(message); }
    }

    /** 过程中的提示（如正在重试）写到哪里；默认不写。提示中没有令牌和密钥。 */
    public PrintStream log;
    /** 一次调用最多尝试几次。 */
    public int attempts = 8;

    private static final long RENEW = 25 * 60 * 1_000_000_000L; // 令牌自登录起 30 分钟有效，留 5 分钟余量
    private static final int LONGEST = 300; // 秒：接收方要求等得更久的，这一次就到此为止
    private static final int CONNECT_TIMEOUT = 10_000, READ_TIMEOUT = 120_000; // 毫秒

    private final String base;
    private final byte[] identity;
    private final Random random = new SecureRandom();
    private SSLSocketFactory sockets; // null：JDK 的默认设置，可用 -Djavax.net.ssl.trustStore 指定信任库
    private String token;
    private long born;

    /** url 是接口地址中 /security 之前的部分。 */
    public DiaoxiaoClient(String url, String appKey, String account, String appSecret) {
        base = url.replaceAll("/+$", "") + "/security/";
        StringBuilder b = new StringBuilder("{\"appKey\":");
        quote(b, appKey);
        quote(b.append(",\"account\":"), account);
        quote(b.append(",\"appSecret\":"), appSecret);
        identity = b.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** 只信任这个 PEM 文件中的 CA。证书和主机名总是检查的；JDK 8 起默认使用 TLS 1.2。 */
    public DiaoxiaoClient trust(File pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = new FileInputStream(pem)) {
            int n = 0;
            for (java.security.cert.Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + n++, c);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        sockets = context.getSocketFactory();
        return this;
    }

    /** 报送一件案件，返回业务受理号。 */
    public String submit(Case c, Iterator<Entity> list) throws IOException, Refused, NotSent, Unknown {
        Path body = Files.createTempFile("case", ".json"); // 先写成文件：重试必须逐字节相同，内存也不随清单增长
        try {
            // 编码器遇到不成对的代理项会报错；String.getBytes 会悄悄换成问号
            try (Writer w = new BufferedWriter(new OutputStreamWriter(Files.newOutputStream(body), StandardCharsets.UTF_8.newEncoder()))) {
                w.write(object("caseid", c.caseid, "casename", c.casename, "caseintroduction", c.caseintroduction, "illegality", c.illegality,
                        "penalty", c.penalty, "penaltydate", c.penaltydate, "penaltyorg", c.penaltyorg));
                w.write(",\"penaltylist\":[");
                for (boolean first = true; list.hasNext(); first = false) {
                    Entity e = list.next();
                    w.write(first ? "\n" : ",\n");
                    w.write(object("pripid", e.pripid, "uniscid", e.uniscid, "legal", e.legal, "enttype", e.enttype) + "}");
                }
                w.write("]}");
            }
            return send(body);
        } finally {
            Files.delete(body);
        }
    }

    /** 报送一个写好的案件文件，逐字节照原样。 */
    public String submit(File file) throws IOException, Refused, NotSent, Unknown {
        Path body = Files.createTempFile("case", ".json"); // 先存一份：文件可能中途被改
        try {
            Files.copy(file.toPath(), body, StandardCopyOption.REPLACE_EXISTING);
            return send(body);
        } finally {
            Files.delete(body);
        }
    }

    /** 查询受理情况（扩展接口）：name 为 acceptid 或 caseid。应答的成员见接入指南。 */
    public Map<String, Object> query(String name, String value) throws IOException, Refused, NotSent {
        try {
            Map<String, Object> answer = exchange("queryCaseinfo", (object(name, value) + "}").getBytes(StandardCharsets.UTF_8), null, session());
            if (!success(answer)) throw new Refused(errors(answer));
            return answer;
        } catch (Broken e) {
            throw new NotSent(e.getMessage());
        }
    }

    /** 注销会话。不成功也无妨：会话自会到期。 */
    public void logout() {
        String old = token;
        token = null;
        if (old == null) return;
        try {
            exchange("logout", new byte[] {'{', '}'}, null, old);
        } catch (Broken e) {
            // 见上
        }
    }

    /** 以相同的字节报送，直到有了结果。 */
    private String send(Path body) throws Refused, NotSent, Unknown {
        boolean unknown = false; // 有一次的结果不明
        String last = "";
        Refused refused = null;
        for (int n = 1; n <= attempts; n++) {
            try {
                String session = session();
                Map<String, Object> answer = exchange("receiveCaseinfo", null, body, session);
                if (success(answer)) return either(answer, "acceptid", "accpetid");
                refused = new Refused(errors(answer));
                last = refused.getMessage();
                if (refused.codes.contains("13000")) {
                    token = null;
                    pause(n, 0, "令牌失效，重新登录");
                    continue;
                }
                // 前面有过结果不明的尝试，只有由内容决定的拒绝才说明案件没有受理
                for (String code : refused.codes) {
                    if (unknown && !code.matches("14\\d+|1900[2345]|19012")) throw new Unknown(last);
                }
                throw refused;
            } catch (Broken e) {
                unknown |= e.sent;
                refused = null;
                last = e.getMessage();
                if (e.last) break;
                pause(n, e.wait, last);
            } catch (LoginFailed e) {
                if (unknown) throw new Unknown(e.getMessage());
                if (e.refused != null) throw e.refused;
                throw new NotSent(e.getMessage());
            }
        }
        if (unknown) throw new Unknown(last);
        if (refused != null) throw refused;
        throw new NotSent(last);
    }

    /** 有效的令牌，必要时登录。 */
    private String session() throws LoginFailed {
        if (token != null && System.nanoTime() - born < RENEW) return token;
        String last = "";
        for (int n = 1; n <= attempts; n++) {
            long now = System.nanoTime(); // 发出登录之前：服务端只会更晚起算
            try {
                Map<String, Object> answer = exchange("login", identity, null, null);
                if (!success(answer)) throw new LoginFailed(new Refused(errors(answer)));
                token = either(answer, "access_token", "accessToken");
                born = now;
                return token;
            } catch (Broken e) {
                last = "登录：" + e.getMessage();
                if (e.last) break;
                pause(n, e.wait, last);
            }
        }
        throw new LoginFailed(last);
    }

    /** 没有会话，这一次什么也没有报送。 */
    private static class LoginFailed extends NotSent {
        final Refused refused; // null：没有得到应答

        LoginFailed(String message) { super(message); refused = null; }

        LoginFailed(Refused why) { super(why.getMessage()); refused = why; }
    }

    /** 没有得到接口的应答。 */
    private static class Broken extends Exception {
        final boolean sent; // 请求可能已经到达
        final boolean last; // 不必再试
        final int wait;     // 接收方要求等待的秒数

        Broken(String message, boolean sent, boolean last, int wait) {
            super(message);
            this.sent = sent;
            this.last = last || wait > LONGEST;
            this.wait = wait;
        }
    }

    /** 发一次请求，正文是 small 或 file，返回应答。 */
    private Map<String, Object> exchange(String call, byte[] small, Path file, String session) throws Broken {
        boolean sent = false;
        int status, wait;
        byte[] raw;
        try {
            String query = session == null ? "" : "?access_token=" + URLEncoder.encode(session, "UTF-8");
            HttpURLConnection c = (HttpURLConnection) new URL(base + call + query).openConnection();
            if (sockets != null && c instanceof HttpsURLConnection) ((HttpsURLConnection) c).setSSLSocketFactory(sockets);
            c.setInstanceFollowRedirects(false); // 令牌在 URL 中，不能跟着重定向去别处
            c.setConnectTimeout(CONNECT_TIMEOUT);
            c.setReadTimeout(READ_TIMEOUT);
            c.setRequestMethod("POST");
            c.setDoOutput(true);
            c.setRequestProperty("Content-Type", "application/json; charset=utf-8");
            // 边读边发，不放进内存；JDK 也因此不会悄悄重发
            c.setFixedLengthStreamingMode(file == null ? small.length : Files.size(file));
            c.connect();
            sent = true; // 从这里起，出错也可能已经到达
            try (OutputStream out = c.getOutputStream()) {
                if (file == null) out.write(small);
                else Files.copy(file, out);
            }
            status = c.getResponseCode();
            wait = seconds(c.getHeaderField("Retry-After"));
            try (InputStream in = status >= 400 ? c.getErrorStream() : c.getInputStream()) {
                raw = read(in);
            }
        } catch (IOException e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof GeneralSecurityException) {
                    throw new Broken("不信任服务器的证书（" + t.getMessage() + "）；用 trust 或 DIAOXIAO_CA 指定接收方的 CA 证书", sent, true, 0);
                }
            }
            String why = String.valueOf(e.getMessage()); // JDK 的错误信息中会有整个 URL
            throw new Broken("没有收到应答（" + (session == null ? why : why.replace(session, "…")) + "）", sent, false, 0);
        }
        return understand(status, wait, raw);
    }

    /** 读应答。19008、19009、5xx 和不是本接口的应答都要重试。 */
    private static Map<String, Object> understand(int status, int wait, byte[] raw) throws Broken {
        Map<String, Object> answer;
        List<Map<String, Object>> errors;
        try {
            // 明确用 UTF-8：不能用平台的默认编码
            answer = Json.object(new String(raw, StandardCharsets.UTF_8));
            errors = errors(answer);
            if (!success(answer) && errors.isEmpty()) throw new IllegalArgumentException();
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new Broken("HTTP " + status + "，不是接口的应答（检查地址，以及沿途的代理）", true, false, wait);
        }
        if (success(answer)) return answer;
        for (Map<String, Object> e : errors) {
            String code = text(e, "errorCode");
            if (status >= 500 || code.equals("19008") || code.equals("19009")) {
                throw new Broken("HTTP " + status + "，" + code + " " + text(e, "message"), !code.equals("19008"), false, wait);
            }
        }
        return answer;
    }

    /** 等待 Retry-After 的秒数，再加一段随机的时间，免得许多报送端同时回来。 */
    private void pause(int n, int wait, String why) {
        if (n >= attempts) return;
        long ms = wait * 1000L + (long) (random.nextDouble() * Math.min(30_000, 500L << Math.min(n - 1, 10)));
        if (log != null) log.println("第 " + n + " 次：" + why + "；" + ms / 1000 + "." + ms % 1000 / 100 + " 秒后以相同内容重试");
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // 其后的等待立即返回，尝试用完即止
        }
    }

    private static boolean success(Map<String, Object> answer) {
        Object ack = answer.containsKey("ackCode") ? answer.get("ackCode") : answer.get("ack_code");
        return "SUCCESS".equals(ack);
    }

    /** 应答中的一个值；规范有两种写法。 */
    private static String either(Map<String, Object> answer, String one, String other) throws Broken {
        String value = text(answer, answer.containsKey(one) ? one : other);
        if (value.isEmpty()) throw new Broken("应答中没有 " + one, true, false, 0);
        return value;
    }

    private static List<Map<String, Object>> errors(Map<String, Object> answer) {
        List<Map<String, Object>> errors = new ArrayList<>();
        for (Object e : (List<?>) answer.getOrDefault("errors", new ArrayList<>())) {
            @SuppressWarnings("unchecked")
            Map<String, Object> error = (Map<String, Object>) e;
            if (text(error, "errorCode").isEmpty()) throw new IllegalArgumentException();
            errors.add(error);
        }
        return errors;
    }

    private static String text(Map<String, Object> from, String name) {
        Object value = from.get(name);
        return value == null ? "" : value.toString();
    }

    private static String describe(List<Map<String, Object>> errors) {
        StringBuilder b = new StringBuilder();
        for (Map<String, Object> e : errors) {
            String code = text(e, "errorCode"), field = text(e, "field");
            b.append(b.length() == 0 ? "" : "\n").append(code).append(' ').append(text(e, "message"));
            b.append(field.isEmpty() ? "" : "（" + field + "）").append("\n      → ").append(advice(code));
        }
        return b.toString();
    }

    private static String advice(String code) {
        if (code.matches("1200[234]")) return "检查 appKey、account 和密钥；都没有错的，联系接收方管理员";
        if (code.equals("13000")) return "令牌失效；本程序已重新登录仍不通过，检查本机与接收方之间的代理";
        if (code.equals("19005")) return "该案件编号已受理过另一内容；要更正的，请接收方退回原案件后重报，或改用新的案件编号";
        if (code.matches("19006|19012")) return "拆成几件，用不同的案件编号分别报送";
        if (code.matches("14\\d+|1900[1234]")) return "按说明改正后重新报送；整件都没有受理";
        return "见错误代码表 docs/codes.md；不能解决的，联系接收方";
    }

    private static int seconds(String text) {
        return text != null && text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    }

    private static byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n; in != null && all.size() < 1 << 20 && (n = in.read(buffer)) >= 0; ) all.write(buffer, 0, n);
        return all.toByteArray();
    }

    /** 写一个 JSON 对象，成员为字符串，缺最后的 }。 */
    private static String object(String... members) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < members.length; i += 2) {
            quote(b.append(i == 0 ? '{' : ','), members[i]);
            quote(b.append(':'), members[i + 1]);
        }
        return b.toString();
    }

    private static void quote(StringBuilder b, String s) {
        if (s == null) {
            b.append("null"); // 接收方会指出是哪一项为空
            return;
        }
        b.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') b.append('\\').append(c);
            else if (c < ' ') b.append(String.format("\\u%04x", (int) c));
            else b.append(c);
        }
        b.append('"');
    }

    /** 只为读应答的 JSON：对象为 Map，数组为 List，字符串为 String，数字为原文。不合语法的抛 IllegalArgumentException。 */
    private static final class Json {
        private final String s;
        private int at;

        private Json(String s) { this.s = s; }

        @SuppressWarnings("unchecked")
        static Map<String, Object> object(String s) {
            Json j = new Json(s);
            Object value = j.value(0);
            if (j.peek() != 0) throw new IllegalArgumentException("后有多余的内容");
            return (Map<String, Object>) value;
        }

        private char peek() {
            while (at < s.length() && " \t\r\n".indexOf(s.charAt(at)) >= 0) at++;
            return at < s.length() ? s.charAt(at) : 0;
        }

        private boolean skip(char c) {
            if (peek() != c) return false;
            at++;
            return true;
        }

        private void must(char c) {
            if (!skip(c)) throw new IllegalArgumentException("第 " + at + " 字应为 " + c);
        }

        private Object value(int depth) {
            if (depth > 32) throw new IllegalArgumentException("嵌套过深");
            if (skip('{')) {
                Map<String, Object> map = new LinkedHashMap<>();
                if (skip('}')) return map;
                do {
                    peek();
                    String name = string();
                    must(':');
                    map.put(name, value(depth + 1));
                } while (skip(','));
                must('}');
                return map;
            }
            if (skip('[')) {
                List<Object> list = new ArrayList<>();
                if (skip(']')) return list;
                do {
                    list.add(value(depth + 1));
                } while (skip(','));
                must(']');
                return list;
            }
            if (peek() == '"') return string();
            int from = at;
            while (at < s.length() && ",]} \t\r\n".indexOf(s.charAt(at)) < 0) at++;
            String word = s.substring(from, at);
            if (word.equals("null")) return null;
            if (!word.matches("true|false|-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")) throw new IllegalArgumentException("第 " + from + " 字");
            return word;
        }

        private String string() {
            must('"');
            StringBuilder b = new StringBuilder();
            for (; ; at++) {
                if (at >= s.length()) throw new IllegalArgumentException("字符串没有结束");
                char c = s.charAt(at);
                if (c == '"') {
                    at++;
                    return b.toString();
                }
                if (c != '\\') {
                    b.append(c);
                    continue;
                }
                if (++at >= s.length()) throw new IllegalArgumentException("字符串没有结束");
                int plain = "\"\\/bfnrt".indexOf(s.charAt(at));
                if (plain >= 0) {
                    b.append("\"\\/\b\f\n\r\t".charAt(plain));
                } else if (s.charAt(at) == 'u' && at + 5 <= s.length()) {
                    b.append((char) Integer.parseInt(s.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    throw new IllegalArgumentException("第 " + at + " 字");
                }
            }
        }
    }

    /** 逐行读清单的 CSV，UTF-8，首行为列名，列的次序不限。 */
    private static final class Rows implements Iterator<Entity> {
        private final Reader in;
        private final String name;
        private final int[] columns = new int[4];
        private List<String> next;
        private int record = 1;

        Rows(Reader in, String name) throws IOException {
            this.in = in;
            this.name = name;
            List<String> header = record();
            if (header == null) header = new ArrayList<>();
            if (!header.isEmpty()) header.set(0, header.get(0).replace("\uFEFF", ""));
            String[] wanted = {"pripid", "uniscid", "legal", "enttype"};
            for (int i = 0; i < 4; i++) {
                columns[i] = header.indexOf(wanted[i]);
                if (columns[i] < 0) throw new IOException(name + " 首行没有列 " + wanted[i]);
            }
            advance();
        }

        public boolean hasNext() { return next != null; }

        public Entity next() {
            List<String> row = next;
            Entity e = new Entity();
            try {
                e.pripid = row.get(columns[0]);
                e.uniscid = row.get(columns[1]);
                e.legal = row.get(columns[2]);
                e.enttype = row.get(columns[3]);
                advance();
            } catch (IndexOutOfBoundsException x) {
                throw new UncheckedIOException(new IOException(name + " 第 " + record + " 行的列数不够"));
            } catch (IOException x) {
                throw new UncheckedIOException(x);
            }
            return e;
        }

        private void advance() throws IOException {
            record++;
            do {
                next = record();
            } while (next != null && next.size() == 1 && next.get(0).isEmpty()); // 空行
        }

        /** 下一行的各列；到末尾时为 null。引号中可以有逗号、换行，两个引号表示一个。 */
        private List<String> record() throws IOException {
            int c = in.read();
            if (c < 0) return null;
            List<String> row = new ArrayList<>();
            StringBuilder cell = new StringBuilder();
            boolean quoted = false;
            for (; ; c = in.read()) {
                if (quoted) {
                    if (c < 0) throw new IOException(name + " 第 " + record + " 行的引号没有结束");
                    if (c != '"') {
                        cell.append((char) c);
                        continue;
                    }
                    c = in.read();
                    if (c == '"') {
                        cell.append('"');
                        continue;
                    }
                    quoted = false;
                }
                if (c == '"' && cell.length() == 0) {
                    quoted = true;
                } else if (c == ',' || c == '\n' || c < 0) {
                    row.add(cell.toString());
                    cell.setLength(0);
                    if (c != ',') return row;
                } else if (c != '\r') {
                    cell.append((char) c);
                }
            }
        }
    }

    /**
     * 命令行：java DiaoxiaoClient URL appKey account secretFile case.json [list.csv]
     *
     * <p>case.json 是整件案件；另给出 list.csv（列 pripid、uniscid、legal、enttype，UTF-8）时，case.json 只写案件本身。account 写作
     * {@literal @}文件 的，从该文件读：系统的编码不是 UTF-8 时，Java 读不出命令行上的汉字。环境变量：DIAOXIAO_CA 私有 CA
     * 证书（PEM），DIAOXIAO_ATTEMPTS 最多尝试次数（默认 8）。标准输出只有业务受理号。退出码：0 已受理；1 没有送达；
     * 2 用法或文件有误；3 被拒绝；4 结果未知。
     */
    public static void main(String[] args) {
        PrintStream err = readable(System.err);
        int code;
        try {
            code = run(args, err);
        } catch (NotSent e) {
            err.println("没有送达：" + e.getMessage() + "\n案件没有受理，排除原因后再报。");
            code = 1;
        } catch (Refused e) {
            err.println("被拒绝，案件没有受理：\n" + e.getMessage());
            code = 3;
        } catch (Unknown e) {
            err.println("结果未知：" + e.getMessage() + "\n不能当作已受理，也不能当作失败。稍后以完全相同的内容再运行一次：已受理的会得到原来的受理号。");
            code = 4;
        } catch (IOException | UncheckedIOException | GeneralSecurityException | IllegalArgumentException | ClassCastException e) {
            err.println("用法或文件有误：" + (e instanceof CharacterCodingException ? "不是有效的 UTF-8" : e.getClass() == IllegalArgumentException.class ? e.getMessage() : e));
            code = 2;
        }
        System.exit(code);
    }

    private static int run(String[] args, PrintStream err) throws IOException, GeneralSecurityException, Refused, NotSent, Unknown {
        if (args.length != 5 && args.length != 6) {
            err.println("用法：java DiaoxiaoClient URL appKey account secretFile case.json [list.csv]");
            return 2;
        }
        String account = args[2].startsWith("@") ? file(args[2].substring(1)).trim() : args[2];
        if (account.indexOf('\uFFFD') >= 0) throw new IllegalArgumentException("命令行上的 account 读不出，把它写进 UTF-8 的文件，再给出 @文件");
        DiaoxiaoClient client = new DiaoxiaoClient(args[0], args[1], account, file(args[3]).trim());
        client.log = err;
        if (System.getenv("DIAOXIAO_CA") != null) client.trust(new File(System.getenv("DIAOXIAO_CA")));
        if (System.getenv("DIAOXIAO_ATTEMPTS") != null) client.attempts = Integer.parseInt(System.getenv("DIAOXIAO_ATTEMPTS"));
        String acceptid;
        if (args.length == 5) {
            acceptid = client.submit(new File(args[4]));
        } else {
            try (Reader in = new BufferedReader(new InputStreamReader(new FileInputStream(args[5]), StandardCharsets.UTF_8.newDecoder()))) {
                acceptid = client.submit(head(Json.object(file(args[4]))), new Rows(in, args[5]));
            }
        }
        System.out.println(acceptid);
        client.logout();
        return 0;
    }

    private static Case head(Map<String, Object> m) {
        Case c = new Case();
        c.caseid = (String) m.get("caseid");
        c.casename = (String) m.get("casename");
        c.caseintroduction = (String) m.get("caseintroduction");
        c.illegality = (String) m.get("illegality");
        c.penalty = (String) m.get("penalty");
        c.penaltydate = (String) m.get("penaltydate");
        c.penaltyorg = (String) m.get("penaltyorg");
        return c;
    }

    /** 读一个 UTF-8 文件；编码有误的报错，不会变成问号。 */
    private static String file(String path) throws IOException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(Files.readAllBytes(Paths.get(path)))).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** 系统的编码写不了汉字时（如 LANG=C），改用 UTF-8。 */
    private static PrintStream readable(PrintStream stream) {
        String name = System.getProperty("stderr.encoding", System.getProperty("sun.stderr.encoding", Charset.defaultCharset().name()));
        if (Charset.forName(name).newEncoder().canEncode('案')) return stream;
        try {
            return new PrintStream(new FileOutputStream(FileDescriptor.err), true, "UTF-8");
        } catch (UnsupportedEncodingException e) {
            return stream;
        }
    }
}
