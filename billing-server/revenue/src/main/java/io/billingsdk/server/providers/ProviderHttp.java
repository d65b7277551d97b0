package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.billingsdk.server.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls of providers. It follows no redirect: a secret is in each request. Thread-safe. */
final class ProviderHttp {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  private final Duration patience;

  /**
   * Calls of one provider.
   *
   * @param patience how long an answer is waited for, with its body
   */
  ProviderHttp(Duration patience) {
    this.patience = patience;
  }

  /**
   * An answer.
   *
   * @param body missing when it is no JSON
   */
  record HttpAnswer(int status, JsonNode body) {
    boolean isOk() {
      return status / 100 == 2;
    }

    /** Whether the provider refuses the key of this server, so that nothing was done. */
    boolean isDenied() {
      return status == UNAUTHORIZED || status == FORBIDDEN;
    }
  }

  /**
   * Sends a request.
   *
   * @throws ProviderUnreachableException when no answer came: the request may have been done
   */
  HttpAnswer send(HttpRequest request) {
    HttpResponse<byte[]> answer = exchanged(request);
    JsonNode body;
    try {
      body = Json.exactTree(answer.body());
    } catch (IOException malformed) {
      body = MissingNode.getInstance();
    }
    return new HttpAnswer(answer.statusCode(), body);
  }

  /**
   * Gets a file without a secret.
   *
   * @throws ForgedEventException when there is none
   * @throws ProviderUnreachableException when that cannot be known
   */
  byte[] file(URI url, int most) {
    HttpResponse<byte[]> answer = exchanged(HttpRequest.newBuilder(url).GET().build());
    if (answer.statusCode() / 100 == 4) {
      throw new ForgedEventException("its certificate is not there");
    }
    if (answer.statusCode() != 200 || answer.body().length > most) {
      throw new ProviderUnreachableException(
          url.getHost() + " did not give a certificate, but answered " + answer.statusCode());
    }
    return answer.body();
  }

  private HttpResponse<byte[]> exchanged(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> coming =
        client.sendAsync(request, BodyHandlers.ofByteArray());
    String host = request.uri().getHost();
    try {
      return coming.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new ProviderUnreachableException(host + " did not answer: " + failed.getCause());
    } catch (TimeoutException late) {
      boolean unused = coming.cancel(/* mayInterruptIfRunning= */ true);
      throw new ProviderUnreachableException(
          host + " did not answer within " + patience.toSeconds() + " seconds");
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new ProviderUnreachableException("the server stops while " + host + " is asked");
    }
  }
}
