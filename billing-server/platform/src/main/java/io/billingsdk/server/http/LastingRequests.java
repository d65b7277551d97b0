package io.billingsdk.server.http;

import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.ApiResponse.Streaming;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that last. Each second it asks, in one question, whether their tokens are still
 * good, and ends those whose are not: a token that is revoked or has expired, or whose operator is
 * disabled, must not go on to see or to store anything. Thread-safe.
 */
final class LastingRequests implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LastingRequests.class);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** When nobody can be asked for so long, they end too. */
  private static final Duration UNKNOWN = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long STEP_MILLIS = 10;

  private final Tokens tokens;
  private final Map<Streaming, Rights> open = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "billing-http-rights");

  /** That nobody can be asked; of the one thread. */
  private boolean said;

  LastingRequests(Database database) {
    this.tokens = new Tokens(database);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Rights of a token that was found to be good. */
  Rights rights(String token) {
    return new Rights(tokens, token);
  }

  /** Rights of somebody with a token of a feature, which looks whether it is still good. */
  static Rights ofHolder() {
    return new Rights(null, "");
  }

  /** One is there. */
  void begun(Streaming request, Rights rights) {
    open.put(request, rights);
  }

  /** One has ended. */
  void ended(Streaming request) {
    open.remove(request);
  }

  /** Ends all of them, and returns when they have, in about a second at the latest. */
  @Override
  public void close() {
    thread.interrupt();
    open.keySet().forEach(each -> each.end(Problem.streamCut(503, "the server stops")));
    long until = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!open.isEmpty() && System.nanoTime() - until < 0) {
        Thread.sleep(STEP_MILLIS);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE.toMillis());
        look();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    Map<Streaming, Rights> looked = new HashMap<>(open);
    looked.values().removeIf(rights -> !rights.isOfToken());
    if (looked.isEmpty()) {
      return;
    }
    long asked = System.nanoTime();
    try {
      List<String> texts = looked.values().stream().map(Rights::token).distinct().toList();
      Map<String, String> refused = tokens.refused(texts);
      said = false;
      looked.forEach(
          (request, rights) -> judge(request, rights, refused.get(rights.token()), asked));
    } catch (RuntimeException failed) {
      if (!said) {
        log.warn("cannot check whether tokens are still valid: {}", failed.getMessage());
        said = true;
      }
      looked.forEach(LastingRequests::doubt);
    }
  }

  private static void judge(Streaming request, Rights rights, @Nullable String why, long asked) {
    if (why == null) {
      rights.good(asked);
    } else {
      rights.end(why);
      request.end(Problem.streamCut(401, why));
    }
  }

  private static void doubt(Streaming request, Rights rights) {
    if (System.nanoTime() - rights.seenNanos() > UNKNOWN.toNanos()) {
      request.end(Problem.streamCut(503, "cannot check whether the token is still valid"));
    }
  }
}
