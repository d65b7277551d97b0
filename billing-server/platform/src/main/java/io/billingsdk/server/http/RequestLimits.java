package io.billingsdk.server.http;

import io.billingsdk.server.common.RequestRefusedException;

/**
 * How often the HTTP API may be called, and how slowly. So many at once, and so many per second or
 * minute in the long run; more is refused with 429. A stream, of events or of the live tail, is one
 * request.
 *
 * @param requestsPerSecond by each token, 1 to 1,000,000
 * @param failedLoginsPerMinute from each client address, 1 to 1,000,000: tokens that are not good.
 *     Beyond it, only tokens that were good not long ago are looked at from there
 * @param openRequestsPerSecond from each client address, 1 to 1,000,000: of what needs no token,
 *     and as many for the health of the server
 * @param streamsPerToken streams of lines at once with each token, 1 to 1,000,000
 * @param bodyBytesPerSecond that the body of a request must have, 1 to 1,000,000; else 408
 * @param connectionsPerAddress on which no good token was sent, 1 to 1,000,000: beyond it, the one
 *     that is there longest is ended
 */
public record RequestLimits(
    int requestsPerSecond,
    int failedLoginsPerMinute,
    int openRequestsPerSecond,
    int streamsPerToken,
    int bodyBytesPerSecond,
    int connectionsPerAddress) {
  /** What no caller reaches. */
  public static final int MOST = 1_000_000;

  private static final int OPEN_REQUESTS = 100;
  private static final int STREAMS = 500;
  private static final int BODY_BYTES = 1_000;
  private static final int CONNECTIONS = 500;

  /** 500 requests a second by each token, 30 failed logins a minute from each address. */
  public static final RequestLimits DEFAULT = new RequestLimits(500, 30);

  /** For programs that measure or test the rest: as good as none. */
  public static final RequestLimits HIGHEST = new RequestLimits(MOST, MOST, MOST, MOST, 1, MOST);

  /** Refuses what is out of bounds. */
  public RequestLimits {
    require("http-requests-per-second", requestsPerSecond);
    require("http-failed-logins-per-minute", failedLoginsPerMinute);
    require("http-open-requests-per-second", openRequestsPerSecond);
    require("http-streams-per-token", streamsPerToken);
    require("http-body-bytes-per-second", bodyBytesPerSecond);
    require("http-connections-per-address", connectionsPerAddress);
  }

  /** The others as they are without settings. */
  public RequestLimits(int requestsPerSecond, int failedLoginsPerMinute) {
    this(requestsPerSecond, failedLoginsPerMinute, OPEN_REQUESTS, STREAMS, BODY_BYTES, CONNECTIONS);
  }

  private static void require(String setting, int value) {
    if (value < 1 || value > MOST) {
      throw RequestRefusedException.invalid(setting, "a whole number from 1 to " + MOST);
    }
  }
}
