package io.billingsdk.server.http;

import io.billingsdk.server.access.Principal;
import java.util.HashMap;
import java.util.Map;

/**
 * How many requests of a kind that lasts there may be at once: of all, of each token, of the tokens
 * of each app, and of all tokens of apps together, so that there is room for others. Thread-safe.
 */
public final class Places {
  private final String what;
  private final int all;
  private final int ofToken;
  private final int ofApp;
  private final int ofApps;
  private final Map<String, Integer> byToken = new HashMap<>();
  private final Map<String, Integer> byApp = new HashMap<>();
  private int taken;
  private int takenByApps;

  /** For a kind of requests, which is named as in {@code the live tail}. */
  public Places(String what, int all, int ofToken, int ofApp, int ofApps) {
    this.what = what;
    this.all = all;
    this.ofToken = ofToken;
    this.ofApp = ofApp;
    this.ofApps = ofApps;
  }

  /**
   * Takes one.
   *
   * @return gives it back, once however often it is run
   * @throws ProblemException when there is none for this caller
   */
  synchronized Runnable take(Principal principal) {
    String app = principal.appId();
    require(taken < all, Problem.busy("as many use " + what + " of this server as it serves"));
    require(byToken.getOrDefault(principal.tokenId(), 0) < ofToken, tooMany("one token", ofToken));
    if (app != null) {
      require(byApp.getOrDefault(app, 0) < ofApp, tooMany("the tokens of one app", ofApp));
      require(takenByApps < ofApps, tooMany("all tokens of apps", ofApps));
      byApp.merge(app, 1, Integer::sum);
      takenByApps++;
    }
    byToken.merge(principal.tokenId(), 1, Integer::sum);
    taken++;
    boolean[] given = {false};
    return () -> giveBack(principal, given);
  }

  /** How many are taken. */
  synchronized int taken() {
    return taken;
  }

  private synchronized void giveBack(Principal principal, boolean[] given) {
    if (given[0]) {
      return;
    }
    given[0] = true;
    taken--;
    less(byToken, principal.tokenId());
    String app = principal.appId();
    if (app != null) {
      takenByApps--;
      less(byApp, app);
    }
  }

  private static void less(Map<String, Integer> counts, String name) {
    var unused = counts.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
  }

  private static void require(boolean isFree, Problem otherwise) {
    if (!isFree) {
      throw new ProblemException(otherwise);
    }
  }

  private Problem tooMany(String whose, int most) {
    return Problem.tooManyRequests(
        "too many use " + what + " at once", "at most " + most + " at once with " + whose);
  }
}
