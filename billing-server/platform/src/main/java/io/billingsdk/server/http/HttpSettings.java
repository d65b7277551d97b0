package io.billingsdk.server.http;

import io.billingsdk.server.common.RequestRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP API listens, and how often it may be called.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param keyStore PKCS#12 with the certificate to show and its key; null: the server's own, which
 *     is good for {@code localhost} and {@code 127.0.0.1}
 * @param keyStorePassword of the store; empty without one
 * @param metricsPublic whether {@code /metrics} may be read without a token
 * @param limits how often it may be called
 * @param streamSilence after which a stream of lines that sends nothing is ended
 */
public record HttpSettings(
    String host,
    int port,
    @Nullable Path keyStore,
    String keyStorePassword,
    boolean metricsPublic,
    RequestLimits limits,
    Duration streamSilence) {
  /** How long a stream of lines may send nothing. */
  public static final Duration STREAM_SILENCE = Duration.ofHours(1);

  /** On any port of 127.0.0.1. */
  public static final HttpSettings ANY_PORT = onPort(0);

  /** On a port of 127.0.0.1. */
  public static HttpSettings onPort(int port) {
    return new HttpSettings(
        "127.0.0.1",
        port,
        null,
        "",
        /* metricsPublic= */ false,
        RequestLimits.DEFAULT,
        STREAM_SILENCE);
  }

  /** The same with other limits. */
  public HttpSettings with(RequestLimits others) {
    return new HttpSettings(
        host, port, keyStore, keyStorePassword, metricsPublic, others, streamSilence);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "HttpSettings[" + host + ":" + port + ", keyStore=" + keyStore + "]";
  }

  /**
   * How long a line may be silent.
   *
   * @param idle after which a connection is ended on which nothing moves, either way, or on which
   *     no head of a request has come
   * @param beat how often a stream of lines that waits says how far it is: it must be shorter than
   *     {@code idle}, and than what proxies wait for an answer, which is a minute in most
   * @param silence how long a stream of lines may send nothing
   */
  public record StreamTiming(Duration idle, Duration beat, Duration silence) {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration BEAT = Duration.ofSeconds(10);

    /** After which the pace of a body is looked at: it may begin slowly. */
    Duration grace() {
      return idle.dividedBy(3);
    }

    public static StreamTiming of(Duration silence) {
      return new StreamTiming(IDLE, BEAT, silence);
    }
  }

  /**
   * How often the HTTP API may be called, and how slowly. So many at once, and so many per second
   * or minute in the long run; more is refused with 429. A stream, of events or of the live tail,
   * is one request.
   *
   * @param requestsPerSecond by each token, 1 to 1,000,000
   * @param failedLoginsPerMinute from each client address, 1 to 1,000,000: tokens that are not
   *     good. Beyond it, only tokens that were good not long ago are looked at from there
   * @param openRequestsPerSecond from each client address, 1 to 1,000,000: of what needs no token,
   *     and as many for the health of the server
   * @param streamsPerToken streams of lines at once with each token, 1 to 1,000,000
   * @param bodyBytesPerSecond that the body of a request must have, 1 to 1,000,000; a slower one
   *     gets 408
   * @param connectionsPerAddress on which no good token was sent, 1 to 1,000,000: beyond it, the
   *     one that is there longest is ended
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
      this(
          requestsPerSecond,
          failedLoginsPerMinute,
          OPEN_REQUESTS,
          STREAMS,
          BODY_BYTES,
          CONNECTIONS);
    }

    private static void require(String setting, int value) {
      if (value < 1 || value > MOST) {
        throw RequestRefusedException.invalid(setting, "a whole number from 1 to " + MOST);
      }
    }
  }
}
