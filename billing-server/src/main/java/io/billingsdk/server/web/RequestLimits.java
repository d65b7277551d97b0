package io.billingsdk.server.web;

import io.billingsdk.server.ServerException;

/**
 * How often the HTTP API may be called. So many at once, and so many per second or minute in the
 * long run; more is refused with 429. A stream, of events or of the live tail, is one request.
 *
 * @param requestsPerSecond by each token, 1 to 1,000,000
 * @param failedLoginsPerMinute from each client address, 1 to 1,000,000: tokens that are not good.
 *     Beyond it, only tokens that were good not long ago are looked at from there
 */
public record RequestLimits(int requestsPerSecond, int failedLoginsPerMinute) {
  /** What no caller reaches. */
  public static final int MOST = 1_000_000;

  /** 500 requests a second by each token, 30 failed logins a minute from each address. */
  public static final RequestLimits DEFAULT = new RequestLimits(500, 30);

  /** For programs that measure or test the rest: as good as none. */
  public static final RequestLimits HIGHEST = new RequestLimits(MOST, MOST);

  /** Refuses what is out of bounds. */
  public RequestLimits {
    require("http-requests-per-second", requestsPerSecond);
    require("http-failed-logins-per-minute", failedLoginsPerMinute);
  }

  private static void require(String setting, int value) {
    if (value < 1 || value > MOST) {
      throw ServerException.invalid(setting, "a whole number from 1 to " + MOST);
    }
  }
}
