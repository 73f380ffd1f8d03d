// A receiver of Salesforce outbound messages that needs no session id. Its settings:
// SF_ORG_ID (18 characters), SF_DOMAIN (https://acme.my.salesforce.com), SF_CLIENT_ID,
// SF_CLIENT_SECRET, HOOK_PATH (long and secret, as in /sf/8f2c41), PORT, STORE (a folder).
// No packages; written so that .NET Framework, Mono and .NET take it.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Xml;
using System.Xml.Linq;

static class Receiver
{
    const string Ack = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">"
        + "<soapenv:Body><notificationsResponse xmlns=\"http://soap.sforce.com/2005/09/outbound\"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>";
    static readonly XNamespace NS = "http://soap.sforce.com/2005/09/outbound", SF = "urn:sobject.enterprise.soap.sforce.com";
    static readonly string Store = Env("STORE"), Inbox = Path.Combine(Store, "inbox"), Done = Path.Combine(Store, "done");
    static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
    static string token; // cached: a user may log in 3,600 times an hour

    static string Env(string name) => Environment.GetEnvironmentVariable(name) ?? throw new ArgumentException(name + " is not set");

    // Receive checks, stores, and only then acknowledges.
    static void Receive(HttpListenerContext context)
    {
        var answer = "not for us";
        context.Response.StatusCode = 403;
        try
        {
            // XmlReader refuses document types, and with them entities.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 1 << 20 };
            var message = XDocument.Load(XmlReader.Create(context.Request.InputStream, settings)).Descendants(NS + "notifications").Single();
            if (context.Request.HttpMethod == "POST" && context.Request.Url.AbsolutePath == Env("HOOK_PATH") && Id(message.Element(NS + "OrganizationId")) == Env("SF_ORG_ID"))
            {
                context.Response.StatusCode = 500; // no Ack: Salesforce sends again
                foreach (var item in message.Elements(NS + "Notification"))
                    Keep(Id(item.Element(NS + "Id")), Id(item.Element(NS + "sObject").Element(SF + "Id")));
                context.Response.StatusCode = 200;
                answer = Ack;
            }
        }
        catch (Exception problem) { Console.Error.WriteLine("not stored: " + problem.Message); }
        context.Response.ContentType = "text/xml; charset=utf-8";
        context.Response.Close(Encoding.UTF8.GetBytes(answer), true);
    }

    static string Id(XElement element) => element != null && Regex.IsMatch(element.Value, @"\A[a-zA-Z0-9]{18}\z") ? element.Value : throw new FormatException("no id");

    // Keep keeps a notification once: Salesforce may send it several times.
    static void Keep(string id, string record)
    {
        if (File.Exists(Path.Combine(Inbox, id)) || File.Exists(Path.Combine(Done, id))) return;
        var fresh = Path.Combine(Store, Guid.NewGuid().ToString());
        using (var file = new FileStream(fresh, FileMode.CreateNew))
        {
            file.Write(Encoding.ASCII.GetBytes(record), 0, record.Length);
            file.Flush(true);
        }
        File.Move(fresh, Path.Combine(Inbox, id));
    }

    // Work does what is in the inbox. What fails stays there and is tried again.
    static void Work()
    {
        for (; ; Thread.Sleep(1000))
            foreach (var file in Directory.GetFiles(Inbox))
                try
                {
                    WithToken(File.ReadAllText(file));
                    File.Move(file, Path.Combine(Done, Path.GetFileName(file)));
                }
                catch (Exception problem) { Console.Error.WriteLine(Path.GetFileName(file) + ": " + problem.Message); }
    }

    // WithToken calls the org, and once more with a new token if the cached one is refused.
    static string WithToken(string record)
    {
        for (var attempt = 1; ; attempt++)
        {
            token = token ?? LogIn();
            var answer = Client.SendAsync(Call(record)).GetAwaiter().GetResult();
            var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            if (answer.StatusCode == HttpStatusCode.OK) return text;
            if (attempt == 2 || answer.StatusCode != HttpStatusCode.Unauthorized && !text.Contains("INVALID_SESSION_ID"))
                throw new HttpRequestException("HTTP " + (int)answer.StatusCode + " " + text);
            token = null;
        }
    }

    // LogIn asks the My Domain that is configured, never a host out of a message.
    static string LogIn()
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = Env("SF_CLIENT_ID"), ["client_secret"] = Env("SF_CLIENT_SECRET") };
        var answer = Client.PostAsync(Env("SF_DOMAIN") + "/services/oauth2/token", new FormUrlEncodedContent(form)).GetAwaiter().GetResult();
        // Tokens hold nothing that JSON escapes.
        var found = Regex.Match(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult(), "\"access_token\"\\s*:\\s*\"([^\"\\\\]+)\"");
        return answer.IsSuccessStatusCode && found.Success ? found.Groups[1].Value : throw new HttpRequestException("no token: HTTP " + (int)answer.StatusCode);
    }

    // Call is where your own work goes. This one reads the record.
    static HttpRequestMessage Call(string record)
    {
        var soql = "SELECT Id FROM Account WHERE Id = '" + record + "'";
        // [rest]
        var request = new HttpRequestMessage(HttpMethod.Get, Env("SF_DOMAIN") + "/services/data/v66.0/query?q=" + Uri.EscapeDataString(soql));
        request.Headers.Add("Authorization", "Bearer " + token);
        // [soap]
        // The token goes where the message's SessionId went. Nothing else changes.
        var request = new HttpRequestMessage(HttpMethod.Post, Env("SF_DOMAIN") + "/services/Soap/u/66.0");
        request.Headers.Add("SOAPAction", "\"\"");
        request.Content = new StringContent("<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:p=\"urn:partner.soap.sforce.com\"><e:Header><p:SessionHeader><p:sessionId>"
            + token + "</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query><p:queryString>" + soql + "</p:queryString></p:query></e:Body></e:Envelope>", Encoding.UTF8, "text/xml");
        // [end]
        return request;
    }

    static void Main()
    {
        if (Env("SF_ORG_ID").Length != 18) throw new ArgumentException("SF_ORG_ID needs 18 characters");
        Directory.CreateDirectory(Inbox);
        Directory.CreateDirectory(Done);
        new Thread(Work) { IsBackground = true }.Start();
        var listener = new HttpListener();
        listener.Prefixes.Add("http://127.0.0.1:" + Env("PORT") + "/"); // TLS ends before it
        for (listener.Start(); ;)
        {
            var context = listener.GetContext();
            ThreadPool.QueueUserWorkItem(_ => Receive(context));
        }
    }
}
