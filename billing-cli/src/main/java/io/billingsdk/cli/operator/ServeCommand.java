package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.notifications.NotificationSettings;
import io.billingsdk.server.performance.RetentionPolicy;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing serve}: runs the server until a signal stops it. */
@Command(
    name = "serve",
    description = {
      "Runs the billing server until SIGTERM or Ctrl-C. It finishes its work before it ends.",
      "Without addresses it starts a broker and a PostgreSQL of its own.",
      "The log is on stderr."
    },
    exitCodeList = {
      "2:wrong usage",
      "3:refused to start; the reason is on stderr",
      "4:the server's own PostgreSQL ended and does not start again; let a supervisor restart the"
          + " server",
      "130:stopped by Ctrl-C",
      "143:stopped by SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing serve --data-dir ./billing-data",
      "  billing serve --broker ssl://mq.example:8883 --broker-ca ca.pem",
      "  billing serve --database jdbc:postgresql://db/billing"
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final int REFUSED = 3;
  private static final int CANNOT_GO_ON = 4;
  private static final String PASSWORD_VARIABLE = "BILLING_BROKER_PASSWORD";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Mixin private OwnerOptions owner = new OwnerOptions();

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description =
          "ssl://host:port of an MQTT 5 broker; default: one of its own. The password comes from"
              + " --broker-password-file or the variable "
              + PASSWORD_VARIABLE)
  private @Nullable URI broker;

  @Option(names = "--broker-ca", paramLabel = "FILE", description = "the PEM file of its authority")
  private @Nullable Path brokerCa;

  @Option(names = "--broker-user", paramLabel = "NAME", description = "default: billing-server")
  private String brokerUser = "billing-server";

  @Option(
      names = "--broker-password-file",
      paramLabel = "FILE",
      description = "holds the password and nothing else")
  private @Nullable Path brokerPasswordFile;

  @Option(
      names = "--mqtt-port",
      paramLabel = "PORT",
      converter = Whole.Port.class,
      description = "the port of its own broker; default: 8883; 0: any")
  private long mqttPort = 8883;

  @Option(
      names = "--postgresql-port",
      paramLabel = "PORT",
      converter = Whole.Port.class,
      description = "the port of its own database; default: 0, any")
  private long databasePort;

  @Mixin private HttpOptions http = new HttpOptions();

  @Mixin private NotificationOptions notifications = new NotificationOptions();

  @Mixin private ProviderOptions providers = new ProviderOptions();

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "the first part of all topics; default: billing")
  private String prefix = "billing";

  @Option(
      names = "--seal-key",
      paramLabel = "FILE",
      description =
          "the private key that seals ledger days, PEM of Ed25519, with the public one in FILE.pub;"
              + " both are made when there is none; default: one in the data directory")
  private @Nullable Path sealKey;

  @Option(
      names = "--keep-cost-records",
      paramLabel = "MONTHS",
      converter = Whole.KeptMonths.class,
      description =
          "whole months before the one that runs, of costs and steps, 1 to 1200; older ones are"
              + " removed, and the ledger keeps their events; default: 13")
  private long keepRecords = RetentionPolicy.USUAL.recordMonths();

  @Option(
      names = "--keep-cost-sums",
      paramLabel = "MONTHS",
      converter = Whole.KeptMonths.class,
      description =
          "the same of sums and sketches of them; at least --keep-cost-records; default: 37")
  private long keepSums = RetentionPolicy.USUAL.sumMonths();

  @Override
  public Integer call() throws InterruptedException {
    BillingServer server = new BillingServer(settings());
    StopInOrder stop = StopInOrder.of(server);
    try {
      stop.start();
    } catch (RuntimeException refused) {
      String why =
          stop.isStopping() ? "stopped while it started" : InstallationException.reason(refused);
      spec.commandLine().getErr().println("billing: " + why);
      spec.commandLine().getErr().flush();
      return REFUSED;
    }
    say(server);
    // Until then, or until a signal ends the process; the hook above stops the server in both
    // cases.
    spec.commandLine().getErr().println("billing: " + server.awaitFailure());
    spec.commandLine().getErr().flush();
    return CANNOT_GO_ON;
  }

  private void say(BillingServer server) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "billing: serving; broker %s:%d, data in %s%n",
        server.broker().host(), server.broker().port(), options.dataDirectory());
    out.printf("billing: HTTP on https://localhost:%d/docs%n", server.httpPort());
    server
        .firstToken()
        .ifPresent(
            token ->
                out.printf(
                    "billing: the operator %s was created; the token, shown this once: %s%n",
                    Operators.FIRST, token));
    out.flush();
    if (!out.checkError()) {
      server.firstTokenShown();
    }
  }

  private ServerSettings settings() {
    NotificationSettings out = notifications.settings();
    return new ServerSettings(
        options.dataDirectory(),
        address(),
        options.external(),
        owner.address(options.url()),
        prefix,
        Math.toIntExact(mqttPort),
        Math.toIntExact(databasePort),
        http.settings(),
        out,
        providers.settings(out.publicUrl()),
        sealKey,
        retention());
  }

  private RetentionPolicy retention() {
    if (keepSums < keepRecords) {
      throw new WrongOptionException(
          "--keep-cost-sums must be at least --keep-cost-records ("
              + keepRecords
              + "), but was "
              + keepSums);
    }
    return new RetentionPolicy(Math.toIntExact(keepRecords), Math.toIntExact(keepSums));
  }

  private @Nullable BrokerAddress address() {
    URI uri = broker;
    if (uri == null) {
      return null;
    }
    if (!"ssl".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
      throw new WrongOptionException("--broker must be ssl://host:port, but was " + uri);
    }
    return new BrokerAddress(
        uri.getHost(),
        uri.getPort(),
        brokerCa,
        brokerUser,
        PasswordFile.read(brokerPasswordFile, PASSWORD_VARIABLE));
  }
}
