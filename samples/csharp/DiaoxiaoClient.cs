using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

/// <summary>
/// 批量吊销接口的报送客户端。只有这一个源文件；.NET Framework 4.6 以上（引用 System.Net.Http、System.Runtime.Serialization），
/// .NET 6 以上。在程序中使用：
/// <code>
///   var client = new DiaoxiaoClient("https://…", appKey, account, appSecret);
///   try { acceptid = client.Submit(theCase, list); }     // list 可以边查数据库边给出，多长都可以
///   catch (Refused e) { … }                              // 没有受理：按 e.Message 改正
///   catch (NotSent e) { … }                              // 没有送达：排除原因后再报
///   catch (Unknown e) { … }                              // 结果未知：稍后以相同内容再报，不能当作成功或失败
/// </code>
/// 会话自动登录、自动续期。同一个对象不要同时用于几个线程。证书按系统的信任库检查：接收方用私有 CA 时，先把 CA 证书导入
/// （Windows：certutil -addstore Root ca.pem）。
///
/// 命令行：DiaoxiaoClient URL appKey account secretFile case.json
/// 环境变量 DIAOXIAO_ATTEMPTS 是最多尝试次数（默认 8）。标准输出只有业务受理号。退出码：0 已受理；1 没有送达；2 用法或文件
/// 有误；3 被拒绝；4 结果未知，须以相同内容再报。
/// </summary>
public class DiaoxiaoClient
{
    /// <summary>案件：规范 3.2 的七项文字，全部必填。</summary>
    public class Case
    {
        public string caseid, casename, caseintroduction, illegality, penalty, penaltydate, penaltyorg;
    }

    /// <summary>清单中的一个市场主体：规范 4.1 的四项，全部必填。</summary>
    public class Entity
    {
        public string pripid, uniscid, legal, enttype;
    }

    /// <summary>被拒绝：案件没有受理。</summary>
    public class Refused : Exception
    {
        public readonly List<string> Codes; // 错误代码，次序同应答
        internal Refused(Answer a) : base(string.Join("\n", a.errors.Select(Describe))) { Codes = a.errors.Select(e => e.errorCode).ToList(); }
    }

    /// <summary>没有送达：案件肯定没有受理。</summary>
    public class NotSent : Exception
    {
        internal NotSent(string message) : base(message) { }
    }

    /// <summary>结果未知：可能已受理，也可能没有。以完全相同的内容再报；已受理的会得到原来的受理号。</summary>
    public class Unknown : Exception
    {
        internal Unknown(string message) : base(message) { }
    }

    /// <summary>应答；规范有几种写法的，都认得。</summary>
    [DataContract]
    public class Answer
    {
        [DataMember] internal string ackCode = null, ack_code = null, accessToken = null, access_token = null, acceptid = null, accpetid = null;
        [DataMember] internal List<Fault> errors = null;
        [DataMember] public string caseid = null, state = null, receivedAt = null; // 查询
        [DataMember] public int items = 0, findings = 0;
        internal bool Success { get { return (ackCode ?? ack_code) == "SUCCESS"; } }
        public string AcceptID { get { return acceptid ?? accpetid; } }
    }

    [DataContract]
    internal class Fault
    {
        [DataMember] internal string errorCode = null, message = null, field = null;
    }

    /// <summary>没有得到接口的应答。</summary>
    class Broken : Exception
    {
        internal bool Sent, Last; // 请求可能已经到达；不必再试
        internal int Wait;        // 接收方要求等待的秒数
        internal Broken(string message) : base(message) { }
    }

    /// <summary>过程中的提示（如正在重试）写到哪里。提示中没有令牌和密钥。</summary>
    public Action<string> Log = text => { };
    /// <summary>一次调用最多尝试几次。</summary>
    public int Attempts = 8;

    static readonly TimeSpan Renew = TimeSpan.FromMinutes(25);  // 令牌自登录起 30 分钟有效，留 5 分钟余量
    const int Longest = 300; // 秒：接收方要求等得更久的，这一次就到此为止
    static readonly Encoding Utf8 = new UTF8Encoding(false, true); // 没有 BOM；不成对的代理项报错，不会变成问号
    readonly string root, identity;
    readonly HttpClient http;
    readonly Random random = new Random();
    readonly Stopwatch clock = Stopwatch.StartNew();
    string token;
    TimeSpan born;

    /// <summary>url 是接口地址中 /security 之前的部分。</summary>
    public DiaoxiaoClient(string url, string appKey, string account, string appSecret)
    {
        root = url.TrimEnd('/') + "/security/";
        identity = Write("appKey", appKey, "account", account, "appSecret", appSecret) + "}";
        // 令牌在 URL 中，不能跟着重定向去别处
        http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.ExpectContinue = false;
    }

    /// <summary>报送一件案件，返回业务受理号。</summary>
    public string Submit(Case c, IEnumerable<Entity> list)
    {
        return WithTemporary(body =>
        {
            using (var w = new StreamWriter(body, Utf8, 65536, true))
            {
                w.Write(Write("caseid", c.caseid, "casename", c.casename, "caseintroduction", c.caseintroduction, "illegality", c.illegality,
                    "penalty", c.penalty, "penaltydate", c.penaltydate, "penaltyorg", c.penaltyorg));
                w.Write(",\"penaltylist\":[");
                string separator = "\n";
                foreach (Entity e in list)
                {
                    w.Write(separator + Write("pripid", e.pripid, "uniscid", e.uniscid, "legal", e.legal, "enttype", e.enttype) + "}");
                    separator = ",\n";
                }
                w.Write("]}");
            }
        });
    }

    /// <summary>报送一个写好的案件文件，逐字节照原样。</summary>
    public string Submit(string path)
    {
        using (var file = File.OpenRead(path)) return WithTemporary(body => file.CopyTo(body));
    }

    /// <summary>先写成临时文件再发：重试必须逐字节相同，内存也不随清单增长。用完即删。</summary>
    string WithTemporary(Action<Stream> write)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (var body = File.Create(path)) write(body);
            return Send(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>查询受理情况（扩展接口）：name 为 acceptid 或 caseid。</summary>
    public Answer Query(string name, string value)
    {
        try
        {
            Answer a = Exchange("queryCaseinfo", Session(), () => new StringContent(Write(name, value) + "}", Utf8));
            if (!a.Success) throw new Refused(a);
            return a;
        }
        catch (Broken e)
        {
            throw new NotSent(e.Message);
        }
    }

    /// <summary>注销会话。不成功也无妨：会话自会到期。</summary>
    public void Logout()
    {
        string old = token;
        token = null;
        if (old == null) return;
        try { Exchange("logout", old, () => new StringContent("{}", Utf8)); }
        catch (Broken) { }
    }

    /// <summary>以相同的字节报送，直到有了结果。</summary>
    string Send(string path)
    {
        bool unknown = false; // 有一次的结果不明
        Exception last = new NotSent("没有尝试");
        for (int n = 1; n <= Attempts; n++)
        {
            string session;
            try
            {
                session = Session();
            }
            catch (Exception e) when (unknown && (e is NotSent || e is Refused)) // 登录不成，前面那一次仍然不明
            {
                throw new Unknown(e.Message);
            }
            try
            {
                Answer a = Exchange("receiveCaseinfo", session, () => new StreamContent(File.OpenRead(path)));
                if (a.Success) return Either(a.acceptid, a.accpetid, "acceptid");
                var refused = new Refused(a);
                last = refused;
                if (refused.Codes.Contains("13000"))
                {
                    token = null;
                    Pause(n, 0, "令牌失效，重新登录");
                    continue;
                }
                // 前面有过结果不明的尝试，只有由内容决定的拒绝才说明案件没有受理
                if (unknown && !refused.Codes.All(c => Regex.IsMatch(c, "^(14[0-9]+|1900[2345]|19012)$"))) break;
                throw refused;
            }
            catch (Broken e)
            {
                unknown |= e.Sent;
                last = new NotSent(e.Message);
                if (e.Last || e.Wait > Longest) break;
                Pause(n, e.Wait, e.Message);
            }
        }
        throw unknown ? new Unknown(last.Message) : last;
    }

    /// <summary>有效的令牌，必要时登录。</summary>
    string Session()
    {
        if (token != null && clock.Elapsed - born < Renew) return token;
        string last = "";
        for (int n = 1; n <= Attempts; n++)
        {
            TimeSpan now = clock.Elapsed; // 发出登录之前：服务端只会更晚起算
            try
            {
                Answer a = Exchange("login", null, () => new StringContent(identity, Utf8));
                if (!a.Success) throw new Refused(a);
                token = Either(a.access_token, a.accessToken, "access_token");
                born = now;
                return token;
            }
            catch (Broken e)
            {
                last = "登录：" + e.Message;
                if (e.Last || e.Wait > Longest) break;
                Pause(n, e.Wait, last);
            }
        }
        throw new NotSent(last);
    }

    /// <summary>发一次请求，返回应答。错误信息中没有 URL，因为其中有令牌。</summary>
    Answer Exchange(string call, string session, Func<HttpContent> content)
    {
        string url = root + call + (session == null ? "" : "?access_token=" + Uri.EscapeDataString(session));
        HttpResponseMessage response;
        string text;
        try
        {
            using (HttpContent body = content())
            {
                body.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
                response = http.PostAsync(url, body).GetAwaiter().GetResult();
                // 明确用 UTF-8：不能用平台的默认编码
                text = Encoding.UTF8.GetString(response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
            }
        }
        catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException || e is IOException)
        {
            throw Explain(e);
        }
        using (response) return Understand(response, text);
    }

    /// <summary>把网络错误说清楚，并判断请求是否可能已经发出。</summary>
    static Broken Explain(Exception e)
    {
        bool sent = true;
        Exception inner = e;
        for (Exception x = e; x != null; inner = x, x = x.InnerException)
        {
            var web = x as WebException; // .NET Framework
            var socket = x as SocketException;
            if (x is AuthenticationException || web != null && (web.Status == WebExceptionStatus.TrustFailure || web.Status == WebExceptionStatus.SecureChannelFailure))
            {
                return new Broken("不信任服务器的证书（" + x.Message + "）；把接收方的 CA 证书导入系统的信任库") { Last = true };
            }
            if (web != null && (web.Status == WebExceptionStatus.ConnectFailure || web.Status == WebExceptionStatus.NameResolutionFailure)) sent = false;
            if (socket != null && (socket.SocketErrorCode == SocketError.ConnectionRefused || socket.SocketErrorCode == SocketError.HostNotFound)) sent = false;
        }
        return new Broken("没有收到应答（" + (e is OperationCanceledException ? "等待超时" : inner.Message) + "）") { Sent = sent };
    }

    /// <summary>读应答。19008、19009、5xx 和不是本接口的应答都要重试。</summary>
    static Answer Understand(HttpResponseMessage response, string text)
    {
        int status = (int)response.StatusCode;
        var after = response.Headers.RetryAfter;
        int wait = after != null && after.Delta.HasValue ? (int)after.Delta.Value.TotalSeconds : 0;
        Answer a = null;
        try
        {
            a = (Answer)new DataContractJsonSerializer(typeof(Answer)).ReadObject(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        }
        catch (Exception) { } // 不是 JSON
        if (a == null || !a.Success && (a.errors == null || a.errors.Count == 0 || a.errors.Any(e => string.IsNullOrEmpty(e.errorCode))))
        {
            throw new Broken("HTTP " + status + "，不是接口的应答（检查地址，以及沿途的代理）") { Sent = true, Wait = wait };
        }
        if (a.Success) return a;
        bool busy = a.errors.Any(e => e.errorCode == "19008"), again = a.errors.Any(e => e.errorCode == "19009");
        if (status >= 500 || busy || again)
        {
            throw new Broken("HTTP " + status + "，" + a.errors[0].errorCode + " " + a.errors[0].message) { Sent = !busy, Wait = wait };
        }
        return a;
    }

    static string Either(string one, string other, string name)
    {
        string value = string.IsNullOrEmpty(one) ? other : one;
        if (string.IsNullOrEmpty(value)) throw new Broken("应答中没有 " + name) { Sent = true };
        return value;
    }

    /// <summary>等待 Retry-After 的秒数，再加一段随机的时间，免得许多报送端同时回来。</summary>
    void Pause(int n, int wait, string why)
    {
        if (n >= Attempts) return;
        int ms = wait * 1000 + (int)(random.NextDouble() * Math.Min(30000, 500 << Math.Min(n - 1, 10)));
        Log("第 " + n + " 次：" + why + "；" + (ms / 1000.0).ToString("0.0") + " 秒后以相同内容重试");
        Thread.Sleep(ms);
    }

    static string Describe(Fault e)
    {
        string where = string.IsNullOrEmpty(e.field) ? "" : "（" + e.field + "）";
        return e.errorCode + " " + e.message + where + "\n      → " + Advice(e.errorCode);
    }

    static string Advice(string code)
    {
        if (Regex.IsMatch(code, "^1200[234]$")) return "检查 appKey、account 和密钥；都没有错的，联系接收方管理员";
        if (code == "13000") return "令牌失效；本程序已重新登录仍不通过，检查本机与接收方之间的代理";
        if (code == "19005") return "该案件编号已受理过另一内容；要更正的，请接收方退回原案件后重报，或改用新的案件编号";
        if (code == "19006" || code == "19012") return "拆成几件，用不同的案件编号分别报送";
        if (Regex.IsMatch(code, "^(14|1900[1234]$)")) return "按说明改正后重新报送；整件都没有受理";
        return "见错误代码表 docs/codes.md；不能解决的，联系接收方";
    }

    /// <summary>写一个 JSON 对象，成员为字符串，缺最后的 }。</summary>
    static string Write(params string[] members)
    {
        var b = new StringBuilder();
        for (int i = 0; i < members.Length; i += 2)
        {
            b.Append(i == 0 ? '{' : ',');
            Quote(b, members[i]);
            b.Append(':');
            Quote(b, members[i + 1]);
        }
        return b.ToString();
    }

    static void Quote(StringBuilder b, string s)
    {
        if (s == null)
        {
            b.Append("null"); // 接收方会指出是哪一项为空
            return;
        }
        b.Append('"');
        foreach (char c in s)
        {
            if (c == '"' || c == '\\') b.Append('\\').Append(c);
            else if (c < ' ') b.Append("\\u").Append(((int)c).ToString("x4"));
            else b.Append(c);
        }
        b.Append('"');
    }

    static int Main(string[] args)
    {
        if (!Console.OutputEncoding.GetString(Console.OutputEncoding.GetBytes("案")).Equals("案"))
        {
            Console.OutputEncoding = new UTF8Encoding(false); // 系统的编码写不了汉字，如 LANG=C
        }
        if (args.Length != 5)
        {
            Console.Error.WriteLine("用法：DiaoxiaoClient URL appKey account secretFile case.json");
            return 2;
        }
        try
        {
            var client = new DiaoxiaoClient(args[0], args[1], args[2], File.ReadAllText(args[3], Utf8).Trim()) { Log = Console.Error.WriteLine };
            string attempts = Environment.GetEnvironmentVariable("DIAOXIAO_ATTEMPTS");
            if (attempts != null) client.Attempts = int.Parse(attempts);
            Console.WriteLine(client.Submit(args[4]));
            client.Logout();
            return 0;
        }
        catch (NotSent e)
        {
            Console.Error.WriteLine("没有送达：" + e.Message + "\n案件没有受理，排除原因后再报。");
            return 1;
        }
        catch (Refused e)
        {
            Console.Error.WriteLine("被拒绝，案件没有受理：\n" + e.Message);
            return 3;
        }
        catch (Unknown e)
        {
            Console.Error.WriteLine("结果未知：" + e.Message + "\n不能当作已受理，也不能当作失败。稍后以完全相同的内容再运行一次：已受理的会得到原来的受理号。");
            return 4;
        }
        catch (Exception e) when (e is IOException || e is ArgumentException || e is FormatException || e is UnauthorizedAccessException)
        {
            Console.Error.WriteLine("用法或文件有误：" + e.Message);
            return 2;
        }
    }
}
