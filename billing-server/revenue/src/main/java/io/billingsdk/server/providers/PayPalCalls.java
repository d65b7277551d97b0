package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.providers.ProviderHttp.HttpAnswer;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Calls of PayPal, with a token that is bought for the client id and the secret. Thread-safe. */
final class PayPalCalls {
  private static final int UNAUTHORIZED = 401;

  /** A token is replaced before it ends, so that it lasts for the request that it is sent with. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private static final long USUAL_SECONDS = 300;

  private final PayPalAccount account;
  private final InstantSource clock;
  private final ProviderHttp http;
  private @Nullable AccessToken token;

  PayPalCalls(PayPalAccount account, InstantSource clock, Duration patience) {
    this.account = account;
    this.clock = clock;
    this.http = new ProviderHttp(patience);
  }

  private record AccessToken(String text, Instant until) {
    /** Without the token. */
    @Override
    public String toString() {
      return "AccessToken[" + until + "]";
    }
  }

  /**
   * Sends a change.
   *
   * @param key by which PayPal knows a repetition
   */
  HttpAnswer post(String path, JsonNode body, String key) {
    byte[] bytes = Json.bytes(body);
    return sent(
        () ->
            HttpRequest.newBuilder(URI.create(account.url() + path))
                .header("Content-Type", "application/json")
                .header("PayPal-Request-Id", key)
                .header("Prefer", "return=representation")
                .POST(BodyPublishers.ofByteArray(bytes)));
  }

  HttpAnswer get(String path) {
    return sent(() -> HttpRequest.newBuilder(URI.create(account.url() + path)).GET());
  }

  /** The same request each time. */
  @FunctionalInterface
  private interface Asked {
    HttpRequest.Builder request();
  }

  private HttpAnswer sent(Asked asked) {
    AccessToken first = token();
    HttpAnswer answer = sent(asked, first);
    if (answer.status() != UNAUTHORIZED) {
      return answer;
    }
    // PayPal may have taken the token back, and has done nothing.
    forget(first);
    return sent(asked, token());
  }

  private HttpAnswer sent(Asked asked, AccessToken with) {
    return http.send(
        asked
            .request()
            .header("Authorization", "Bearer " + with.text())
            .header("Accept", "application/json")
            .build());
  }

  private synchronized void forget(AccessToken old) {
    if (old.equals(token)) {
      token = null;
    }
  }

  private synchronized AccessToken token() {
    Instant now = clock.instant();
    AccessToken known = token;
    if (known == null || !now.isBefore(known.until())) {
      known = bought(now);
      token = known;
    }
    return known;
  }

  private AccessToken bought(Instant now) {
    String login = account.clientId() + ":" + account.secret();
    HttpAnswer answer =
        http.send(
            HttpRequest.newBuilder(URI.create(account.url() + "/v1/oauth2/token"))
                .header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build());
    String text = answer.body().path("access_token").asText("");
    if (answer.isDenied()) {
      throw new ProviderDeniedException(PayPalReader.denied(answer));
    }
    if (!answer.isOk() || text.isEmpty()) {
      throw new ProviderUnreachableException(
          "PayPal gave no token, but answered " + answer.status());
    }
    long seconds = answer.body().path("expires_in").asLong(USUAL_SECONDS);
    return new AccessToken(text, now.plusSeconds(seconds).minus(MARGIN));
  }
}
