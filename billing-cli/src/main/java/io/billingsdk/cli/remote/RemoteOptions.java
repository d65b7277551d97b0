package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.server.BillingServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which server is asked, whom it is trusted by, and as whom. */
final class RemoteOptions {
  private static final String SERVER_VARIABLE = "BILLING_SERVER";
  private static final String CA_VARIABLE = "BILLING_SERVER_CA";
  private static final String TOKEN_VARIABLE = "BILLING_TOKEN";
  private static final String DEFAULT_SERVER = "https://127.0.0.1:8443";
  private static final Path DEFAULT_DIRECTORY = Path.of("billing-data");
  private static final String TOKEN = "[!-~]{1,1024}";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "https://host:port; default: the variable "
              + SERVER_VARIABLE
              + ", then the server of --data-dir, then "
              + DEFAULT_SERVER)
  private @Nullable String server;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "PEM of the authority of its certificate; default: the variable "
              + CA_VARIABLE
              + ", then that of --data-dir, then Java's own trust store")
  private @Nullable Path ca;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "holds a token and nothing more; default: the variable " + TOKEN_VARIABLE)
  private @Nullable Path tokenFile;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "of a server on this machine, for its port and its authority; default: ./billing-data")
  private @Nullable Path dataDirectory;

  /** Where a server is, and the PEM of who vouches for it; null: Java's own authorities. */
  private record Place(URI server, @Nullable Path ca) {}

  /** A client of that server. Connects to nothing yet. */
  BillingHttp http() {
    Place place = place();
    return new BillingHttp(place.server(), place.ca(), token());
  }

  private Place place() {
    Path authority = ca != null ? ca : path(System.getenv(CA_VARIABLE));
    String named = server != null ? server : System.getenv(SERVER_VARIABLE);
    if (named != null && !named.isBlank()) {
      return new Place(url(named.trim()), authority);
    }
    Path data = (dataDirectory == null ? DEFAULT_DIRECTORY : dataDirectory).toAbsolutePath();
    OptionalInt port = BillingServer.httpPortIn(data.normalize());
    if (port.isEmpty()) {
      if (dataDirectory != null) {
        throw new CommandException(
            "no server has run in " + data.normalize() + "; start one, or name it with --server");
      }
      return new Place(URI.create(DEFAULT_SERVER), authority);
    }
    Path own = BillingServer.brokerDirectory(data).resolve("ca.pem").normalize();
    return new Place(
        URI.create("https://127.0.0.1:" + port.getAsInt()),
        authority == null && Files.exists(own) ? own : authority);
  }

  private static @Nullable Path path(@Nullable String variable) {
    return variable == null || variable.isBlank() ? null : Path.of(variable.trim());
  }

  /** A token would be readable on the way without TLS. */
  private URI url(String text) {
    String expected = "--server must be https://host:port, but was ";
    try {
      URI url = URI.create(text.replaceFirst("/+$", ""));
      if ("https".equals(url.getScheme())
          && url.getHost() != null
          && url.getUserInfo() == null
          && url.getQuery() == null
          && url.getFragment() == null) {
        return url;
      }
    } catch (IllegalArgumentException malformed) {
      throw new ParameterException(spec.commandLine(), expected + text, malformed);
    }
    // What stands before the @ may be a password.
    String shown = text.replaceFirst("//[^/]*@", "//***@");
    throw new ParameterException(spec.commandLine(), expected + shown);
  }

  private String token() {
    String token = PasswordFile.read(tokenFile, TOKEN_VARIABLE).trim();
    if (token.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "a token is needed: --token-file FILE, or the variable "
              + TOKEN_VARIABLE
              + "; 'billing token create' creates one");
    }
    // Another would be refused by the HTTP client, which quotes it.
    if (!token.matches(TOKEN)) {
      throw new ParameterException(
          spec.commandLine(),
          "the token must be 1 to 1024 printable characters without spaces, but is not");
    }
    return token;
  }
}
