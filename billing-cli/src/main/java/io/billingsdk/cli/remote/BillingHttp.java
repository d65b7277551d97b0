package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.trust.TrustedCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server, over TLS alone, with one token, which is in no message. What hinders it is a
 * {@link CommandException} that says what to do.
 */
final class BillingHttp {
  static final JsonMapper JSON = JsonMapper.builder().build();

  /** Paths of statistics for operators; they are given, and not below the others. */
  static final String OF_STATISTICS = "/usage/admin";

  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final String API = "/api/";
  private static final int OK = 200;
  private static final int CREATED = 201;

  /** Of a refusal; what answers there may be anything. */
  private static final int MOST_SAID = 64 * 1024;

  private final URI server;
  private final String token;
  private final HttpClient client;

  /**
   * A client that is connected to nothing yet.
   *
   * @param ca PEM of the authority that is trusted; null: those of the JVM
   * @throws CommandException when the file cannot be used
   */
  BillingHttp(URI server, @Nullable Path ca, String token) {
    this.server = server;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(trusting(ca))
            .build();
  }

  /** Where it asks. */
  URI server() {
    return server;
  }

  /**
   * Reads a JSON object.
   *
   * @throws CommandException also when the server cannot be reached
   */
  JsonNode get(String path, Query query) {
    try {
      return read(path, query);
    } catch (IOException failed) {
      throw Unreachable.because(failed, server);
    }
  }

  /**
   * The same.
   *
   * @throws CommandException when the server refuses
   * @throws IOException when it cannot be reached, or has a fault that may pass
   */
  JsonNode read(String path, Query query) throws IOException {
    try (InputStream body = open(path, query, "application/json").body()) {
      return JSON.readTree(body);
    }
  }

  /**
   * Begins to read an answer that may have no end.
   *
   * @throws CommandException when the server refuses
   * @throws IOException when it cannot be reached, or has a fault that may pass
   */
  HttpResponse<InputStream> open(String path, Query query, String accepted) throws IOException {
    HttpRequest request = to(path + query).header("Accept", accepted).GET().build();
    HttpResponse<InputStream> answer =
        await(client.sendAsync(request, BodyHandlers.ofInputStream()));
    if (answer.statusCode() != OK) {
      try (InputStream body = answer.body()) {
        String said = new String(body.readNBytes(MOST_SAID), StandardCharsets.UTF_8);
        throw ProblemText.of(answer.statusCode(), said);
      }
    }
    return answer;
  }

  /**
   * Sends something, and reads the whole answer.
   *
   * @throws CommandException when the server refuses
   * @throws IOException when it cannot be reached, its answer was cut, or it has a fault that may
   *     pass
   */
  String post(String path, String type, String idempotencyKey, byte[] body) throws IOException {
    HttpRequest request =
        to(path)
            .header("Content-Type", type)
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<String> answer = await(client.sendAsync(request, BodyHandlers.ofString()));
    if (answer.statusCode() != OK) {
      throw ProblemText.of(answer.statusCode(), answer.body());
    }
    return answer.body();
  }

  /** A part of a path, as it must be written there. */
  static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A body. */
  static byte[] bytes(JsonNode body) {
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Changes something, and reads the answer, a JSON object.
   *
   * @param body a JSON object; null for none
   * @throws CommandException when the server refuses or cannot be reached
   */
  JsonNode change(String path, byte @Nullable [] body) {
    return change("POST", path, body);
  }

  /** The same with another method. */
  JsonNode change(String method, String path, byte @Nullable [] body) {
    HttpRequest.Builder request = to(path);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    request.method(
        method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    try {
      HttpResponse<String> answer =
          await(client.sendAsync(request.build(), BodyHandlers.ofString()));
      if (answer.statusCode() != OK && answer.statusCode() != CREATED) {
        throw ProblemText.of(answer.statusCode(), answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException failed) {
      throw Unreachable.because(failed, server);
    }
  }

  /** Of a path below {@code /api/v1}, or of a whole one. */
  private HttpRequest.Builder to(String pathAndQuery) {
    boolean isWhole = pathAndQuery.startsWith(API) || pathAndQuery.startsWith(OF_STATISTICS + "/");
    String base = isWhole ? "" : API + "v1";
    return HttpRequest.newBuilder(URI.create(server + base + pathAndQuery))
        .header("Authorization", "Bearer " + token);
  }

  /** The timeout of a request itself ends with the headers of the answer. */
  private static <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> asked)
      throws IOException {
    try {
      return asked.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException unreachable) {
        throw unreachable;
      }
      throw new IOException(failed.getCause());
    } catch (TimeoutException late) {
      var unused = asked.cancel(true);
      throw new HttpTimeoutException("the answer did not end in time");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", interrupted);
    }
  }

  private static SSLContext trusting(@Nullable Path ca) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, TrustedCertificates.of(Optional.ofNullable(ca)).getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException unusable) {
      throw new CommandException(
          "--ca: "
              + ca
              + " must be a PEM file with certificates, but cannot be used: "
              + Unreachable.why(unusable),
          unusable);
    }
  }
}
