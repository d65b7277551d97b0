package io.billingsdk.server.http;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.http.HttpSettings.RequestLimits;
import io.billingsdk.server.http.Problem.ProblemException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Refuses who calls too often. A token that was good not long ago is looked at wherever it comes
 * from: otherwise a guesser behind a proxy would lock out everybody behind it. Thread-safe.
 */
final class Throttle {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int GROUPS = 8;

  private final RequestLimits limits;
  private final RateLimiter requests;
  private final RateLimiter failures;
  private final RateLimiter open;
  private final RateLimiter health;
  private final RateLimiter signed;
  private final Metrics metrics;

  Throttle(RequestLimits limits, Metrics metrics, LongSupplier nanos) {
    this.limits = limits;
    this.signed = new RateLimiter(limits.requestsPerSecond(), SECOND, nanos);
    this.metrics = metrics;
    this.requests = new RateLimiter(limits.requestsPerSecond(), SECOND, nanos);
    this.failures = new RateLimiter(limits.failedLoginsPerMinute(), MINUTE, nanos);
    this.open = new RateLimiter(limits.openRequestsPerSecond(), SECOND, nanos);
    this.health = new RateLimiter(limits.openRequestsPerSecond(), SECOND, nanos);
  }

  /**
   * Before a token is looked for, which costs a question to the database: refuses one that was used
   * too often, and one from where too many were not good.
   */
  void presented(String token, String address) {
    String name = name(token);
    requireRequest(requests.wait(name));
    Duration wait = failures.wait(network(address));
    if (!wait.isZero() && !requests.knows(name)) {
      metrics.throttled(Metrics.FAILED_LOGINS);
      throw refused(
          "too many invalid tokens came from this address",
          limits.failedLoginsPerMinute() + " of them a minute from one address",
          wait);
    }
  }

  /** A token is good for nothing. */
  void failed(String token, String address) {
    // A token that was good and no longer is, is looked at as any other from now on.
    requests.forget(name(token));
    var unused = failures.take(network(address));
  }

  /** A token is good: counts its request, or refuses it when others have come meanwhile. */
  void admitted(String token) {
    requireRequest(requests.take(name(token)));
  }

  /**
   * Before a route that needs no token: refuses one that is asked too often from an address. Who
   * reads pages without end does not keep anybody from asking for the health of the server.
   */
  void open(Route route, String address) {
    requireOpen((route.isHealth() ? health : open).take(network(address)));
  }

  /** The same of a body that is said to be signed, before it is read. */
  void signed(String address) {
    Duration wait = signed.take(network(address));
    if (!wait.isZero()) {
      metrics.throttled(Metrics.OPEN);
      throw new ProblemException(
          Problem.tooManyFromAddress(
              "too many signed requests came from this address",
              "at most " + limits.requestsPerSecond() + " of them a second from one address"),
          wait);
    }
  }

  /** The same of what is not there. */
  void nowhere(String address) {
    requireOpen(open.take(network(address)));
  }

  private void requireOpen(Duration wait) {
    if (!wait.isZero()) {
      metrics.throttled(Metrics.OPEN);
      String most = limits.openRequestsPerSecond() + " of them a second from one address";
      throw new ProblemException(
          Problem.tooManyFromAddress(
              "too many requests without a token came from this address", "at most " + most),
          wait);
    }
  }

  private void requireRequest(Duration wait) {
    if (!wait.isZero()) {
      metrics.throttled(Metrics.REQUESTS);
      throw refused(
          "too many requests came with this token",
          limits.requestsPerSecond() + " of them a second with one token",
          wait);
    }
  }

  private static ProblemException refused(String detail, String most, Duration wait) {
    return new ProblemException(Problem.tooManyRequests(detail, "at most " + most), wait);
  }

  /** The kept form of a token: a heap dump shows no more than the database has. */
  private static String name(String token) {
    return KeyRef.sha256(token);
  }

  /**
   * An address of version 4, or the network of one of version 6: the owner of one has all of it.
   */
  static String network(String address) {
    String[] groups = address.replace("[", "").split(":", -1);
    return groups.length == GROUPS ? String.join(":", Arrays.copyOf(groups, GROUPS / 2)) : address;
  }
}
