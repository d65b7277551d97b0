package io.billingsdk.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The HTTP API of a local server, as far as tests need it. Thread-safe. */
final class ServerApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final URI root;
  private final String token;
  private final HttpClient http;

  private ServerApi(URI root, String token, HttpClient http) {
    this.root = root;
    this.token = token;
    this.http = http;
  }

  /**
   * Reads the authority of the server.
   *
   * @param ca PEM file of the authority of the server's certificate
   */
  static ServerApi of(URI root, String token, Path ca) {
    HttpClient http = HttpClient.newBuilder().sslContext(trusting(ca)).build();
    return new ServerApi(root, token, http);
  }

  void createApp(String appId) {
    post("/api/v1/apps", JSON.createObjectNode().put("appId", appId));
  }

  LocalKey createKey(String appId) {
    JsonNode made = post("/api/v1/apps/" + segment(appId) + "/keys", JSON.createObjectNode());
    return new LocalKey(
        appId, made.path("key").path("keyId").asText(), made.path("secret").asText());
  }

  void block(String keyId, String reason) {
    post(
        "/api/v1/keys/" + segment(keyId) + "/block", JSON.createObjectNode().put("reason", reason));
  }

  void unblock(String keyId) {
    post("/api/v1/keys/" + segment(keyId) + "/unblock", null);
  }

  /** Of the last month and the day to come. */
  LocalUsage usageOf(String appId) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    String query =
        "?bucket=all&appId="
            + segment(appId)
            + "&from="
            + now.minus(31, ChronoUnit.DAYS)
            + "&to="
            + now.plus(1, ChronoUnit.DAYS);
    long events = 0;
    BigDecimal usage = BigDecimal.ZERO;
    for (JsonNode item : get("/api/v1/usage" + query).path("items")) {
      events += item.path("events").asLong();
      usage = usage.add(new BigDecimal(item.path("usage").asText()));
    }
    return new LocalUsage(events, usage);
  }

  private JsonNode get(String path) {
    return send(request(path).GET().build());
  }

  private JsonNode post(String path, @Nullable ObjectNode body) {
    BodyPublisher publisher =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
    return send(request(path).header("content-type", "application/json").POST(publisher).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(root.resolve(path))
        .timeout(TIMEOUT)
        .header("authorization", "Bearer " + token);
  }

  private JsonNode send(HttpRequest request) {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        // The body is a problem for people; a key is in no such answer.
        throw new IllegalStateException(
            request.method() + " " + request.uri() + " was refused: " + response.body());
      }
      return JSON.readTree(response.body());
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("the answer of the billing server is no JSON", malformed);
    } catch (IOException failed) {
      throw new UncheckedIOException("the billing server does not answer", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static SSLContext trusting(Path ca) {
    try (InputStream pem = Files.newInputStream(ca)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "billing", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the authority of the server cannot be read", unreadable);
    } catch (GeneralSecurityException unusable) {
      throw new IllegalStateException("the authority of the server cannot be used", unusable);
    }
  }
}
