// A receiver of Salesforce outbound messages that needs no session id. Its settings:
// SF_ORG_ID (18 characters), SF_DOMAIN (https://acme.my.salesforce.com), SF_CLIENT_ID,
// SF_CLIENT_SECRET, HOOK_PATH (long and secret, as in /sf/8f2c41), PORT, STORE (a folder).
// Java 17, no libraries: java Receiver.java
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.regex.*;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.*;

public class Receiver {
    static final String ACK = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\">"
        + "<soapenv:Body><notificationsResponse xmlns=\"http://soap.sforce.com/2005/09/outbound\"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>";
    static final String NS = "http://soap.sforce.com/2005/09/outbound", SF = "urn:sobject.enterprise.soap.sforce.com";
    static final Map<String, String> ENV = System.getenv();
    static final Path STORE = Path.of(ENV.get("STORE")), INBOX = STORE.resolve("inbox"), DONE = STORE.resolve("done");
    static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    static String token; // cached: a user may log in 3,600 times an hour

    /** Checks, stores, and only then acknowledges. */
    static void receive(HttpExchange exchange) throws IOException {
        int status = 403;
        String answer = "not for us";
        try {
            Element message = read(exchange.getRequestBody().readNBytes(1 << 20));
            if (exchange.getRequestMethod().equals("POST") && exchange.getRequestURI().getPath().equals(ENV.get("HOOK_PATH"))
                && first(message, NS, "OrganizationId").equals(ENV.get("SF_ORG_ID"))) {
                status = 500; // no Ack: Salesforce sends again
                NodeList items = message.getElementsByTagNameNS(NS, "Notification");
                for (int i = 0; i < items.getLength(); i++)
                    store(first((Element) items.item(i), NS, "Id"), first((Element) items.item(i), SF, "Id"));
                status = 200;
                answer = ACK;
            }
        } catch (Exception problem) {
            System.err.println("not stored: " + problem);
        }
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(status, answer.length());
        exchange.getResponseBody().write(answer.getBytes("UTF-8"));
        exchange.close();
    }

    static Element read(byte[] body) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true); // no entities
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(body)).getDocumentElement();
    }

    static String first(Element in, String namespace, String name) {
        Node node = in.getElementsByTagNameNS(namespace, name).item(0);
        if (node == null || !node.getTextContent().matches("[a-zA-Z0-9]{18}")) throw new IllegalArgumentException("no " + name);
        return node.getTextContent();
    }

    /** Keeps a notification once: Salesforce may send it several times. */
    static void store(String id, String record) throws IOException {
        if (Files.exists(INBOX.resolve(id)) || Files.exists(DONE.resolve(id))) return;
        Path fresh = Files.createTempFile(STORE, id, "");
        Files.writeString(fresh, record);
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) { file.force(true); }
        Files.move(fresh, INBOX.resolve(id), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Does what is in the inbox. What fails stays there and is tried again. */
    static void work() {
        for (File file : Objects.requireNonNull(INBOX.toFile().listFiles())) {
            try {
                withToken(Files.readString(file.toPath()));
                Files.move(file.toPath(), DONE.resolve(file.getName()), StandardCopyOption.ATOMIC_MOVE);
            } catch (Exception problem) {
                System.err.println(file.getName() + ": " + problem);
            }
        }
    }

    /** Calls the org, and once more with a new token if the cached one is refused. */
    static String withToken(String record) throws Exception {
        for (int attempt = 1; ; attempt++) {
            if (token == null) token = logIn();
            HttpResponse<String> answer = CLIENT.send(call(record).timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) return answer.body();
            if (attempt == 2 || answer.statusCode() != 401 && !answer.body().contains("INVALID_SESSION_ID"))
                throw new IOException("HTTP " + answer.statusCode() + " " + answer.body());
            token = null;
        }
    }

    /** Asks the My Domain that is configured, never a host out of a message. */
    static String logIn() throws Exception {
        String form = "grant_type=client_credentials&client_id=" + encode(ENV.get("SF_CLIENT_ID")) + "&client_secret=" + encode(ENV.get("SF_CLIENT_SECRET"));
        HttpResponse<String> answer = CLIENT.send(HttpRequest.newBuilder(URI.create(ENV.get("SF_DOMAIN") + "/services/oauth2/token")).timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.ofString());
        Matcher found = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"\\\\]+)\"").matcher(answer.body()); // tokens hold nothing that JSON escapes
        if (answer.statusCode() != 200 || !found.find()) throw new IOException("no token: HTTP " + answer.statusCode());
        return found.group(1);
    }

    /** Is where your own work goes. This one reads the record. */
    static HttpRequest.Builder call(String record) {
        String soql = "SELECT Id FROM Account WHERE Id = '" + record + "'";
        // [rest]
        return HttpRequest.newBuilder(URI.create(ENV.get("SF_DOMAIN") + "/services/data/v66.0/query?q=" + encode(soql))).header("Authorization", "Bearer " + token);
        // [soap]
        // The token goes where the message's SessionId went. Nothing else changes.
        String soap = "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:p=\"urn:partner.soap.sforce.com\"><e:Header><p:SessionHeader><p:sessionId>"
            + token + "</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query><p:queryString>" + soql + "</p:queryString></p:query></e:Body></e:Envelope>";
        return HttpRequest.newBuilder(URI.create(ENV.get("SF_DOMAIN") + "/services/Soap/u/66.0")).header("Content-Type", "text/xml; charset=UTF-8")
            .header("SOAPAction", "\"\"").POST(HttpRequest.BodyPublishers.ofString(soap));
        // [end]
    }

    static String encode(String text) { return URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8); }

    public static void main(String[] args) throws Exception {
        if (!ENV.get("SF_ORG_ID").matches("[a-zA-Z0-9]{18}")) throw new IllegalArgumentException("SF_ORG_ID needs 18 characters");
        Files.createDirectories(INBOX);
        Files.createDirectories(DONE);
        Executors.newSingleThreadScheduledExecutor().scheduleWithFixedDelay(Receiver::work, 0, 1, TimeUnit.SECONDS);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(ENV.get("PORT"))), 0); // TLS ends before it
        server.createContext("/", Receiver::receive);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.start();
    }
}
