package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.http.HttpSettings.RequestLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the HTTP API listens, and how often it may be called. */
final class HttpOptions {
  private static final String PASSWORD_VARIABLE = "BILLING_HTTP_KEY_STORE_PASSWORD";

  @Option(
      names = "--http-host",
      paramLabel = "ADDRESS",
      description = "where the HTTP API listens; default: 127.0.0.1")
  private String host = "127.0.0.1";

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = Whole.Port.class,
      description = "the port of the HTTP API; default: 8443; 0: any")
  private long port = 8443;

  @Option(
      names = "--http-key-store",
      paramLabel = "FILE",
      description =
          "PKCS#12 with the certificate of the HTTP API and its key; default: its own, for"
              + " localhost and 127.0.0.1. The password comes from --http-key-store-password-file"
              + " or the variable "
              + PASSWORD_VARIABLE)
  private @Nullable Path keyStore;

  @Option(
      names = "--http-key-store-password-file",
      paramLabel = "FILE",
      description = "holds the password and nothing else")
  private @Nullable Path passwordFile;

  @Option(names = "--metrics-public", description = "/metrics may be read without a token")
  private boolean metricsPublic;

  @Option(
      names = "--http-requests-per-second",
      converter = Whole.Frequency.class,
      paramLabel = "N",
      description =
          "requests with each token, 1 to 1000000; more are refused with 429; default: 500")
  private long requestsPerSecond = RequestLimits.DEFAULT.requestsPerSecond();

  @Option(
      names = "--http-failed-logins-per-minute",
      converter = Whole.Frequency.class,
      paramLabel = "N",
      description =
          "invalid tokens, from each client address, 1 to 1000000; more are refused with"
              + " 429; default: 30")
  private long failedLoginsPerMinute = RequestLimits.DEFAULT.failedLoginsPerMinute();

  @Option(
      names = "--http-open-requests-per-second",
      converter = Whole.Frequency.class,
      paramLabel = "N",
      description =
          "requests that need no token, from each client address, and as many for health, 1 to"
              + " 1000000; more are refused with 429; default: 100")
  private long openRequestsPerSecond = RequestLimits.DEFAULT.openRequestsPerSecond();

  @Option(
      names = "--http-streams-per-token",
      converter = Whole.Frequency.class,
      paramLabel = "N",
      description =
          "streams of lines at once with each token, 1 to 1000000; more are refused with 429;"
              + " default: 500")
  private long streamsPerToken = RequestLimits.DEFAULT.streamsPerToken();

  @Option(
      names = "--http-body-bytes-per-second",
      converter = Whole.Frequency.class,
      paramLabel = "N",
      description =
          "the least pace of the body of a request, streams aside, 1 to 1000000; slower"
              + " ones are refused with 408; default: 1000")
  private long bodyBytesPerSecond = RequestLimits.DEFAULT.bodyBytesPerSecond();

  @Option(
      names = "--http-connections-per-address",
      converter = Whole.Frequency.class,
      paramLabel = "N",
      description =
          "connections without a valid token, from each client address, 1 to 1000000; beyond it,"
              + " the server ends the oldest; default: 500")
  private long connectionsPerAddress = RequestLimits.DEFAULT.connectionsPerAddress();

  @Option(
      names = "--http-stream-silence",
      converter = Whole.Silence.class,
      paramLabel = "SECONDS",
      description =
          "how long a stream of lines may send nothing before it is ended, 1 to 86400;"
              + " default: 3600")
  private long streamSilenceSeconds = HttpSettings.STREAM_SILENCE.toSeconds();

  HttpSettings settings() {
    String password = keyStore == null ? "" : PasswordFile.read(passwordFile, PASSWORD_VARIABLE);
    return new HttpSettings(
        host,
        Math.toIntExact(port),
        keyStore,
        password,
        metricsPublic,
        new RequestLimits(
            Math.toIntExact(requestsPerSecond),
            Math.toIntExact(failedLoginsPerMinute),
            Math.toIntExact(openRequestsPerSecond),
            Math.toIntExact(streamsPerToken),
            Math.toIntExact(bodyBytesPerSecond),
            Math.toIntExact(connectionsPerAddress)),
        Duration.ofSeconds(streamSilenceSeconds));
  }
}
