package io.billingsdk.server.http;

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
}
