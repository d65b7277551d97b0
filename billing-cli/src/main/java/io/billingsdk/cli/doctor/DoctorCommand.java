package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.doctor.Finding.Result;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.db.DatabaseAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code billing doctor}. */
@Command(
    name = "doctor",
    description = {
      "Examines what a service needs to deliver its usage: the way to the broker, TLS, login, topic"
          + " rights, the billing server, the clock, a key, the journal's directory, and the"
          + " server's database. Says what is wrong and how to put it right.",
      "It changes nothing, reports no usage, and uses the settings of the service: options first,"
          + " then the sources of the SDK (BILLING_HOST …, billing.properties).",
      ""
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {"0:nothing failed", "1:something failed", "2:an option or a setting is wrong"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing doctor --data-dir ./billing-data        a server of this machine",
      "  billing doctor --host mq.example --ca ca.pem --instance gateway-1",
      "  billing doctor --json                           for a deployment's checks"
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final String KEY_VARIABLE = "BILLING_API_KEY";
  private static final String DATABASE_VARIABLE = "BILLING_DATABASE_PASSWORD";

  /** As long as the server's own broker takes to let in an instance that was just made. */
  private static final Duration ADMISSION = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "a key to look up; default: the variable " + KEY_VARIABLE)
  private @Nullable Path apiKeyFile;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "a server of this machine: its broker, unless --host, and its database")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = "the server's, if it is elsewhere: jdbc:postgresql://host:port/name")
  private @Nullable String database;

  @Option(
      names = "--database-user",
      paramLabel = "NAME",
      description = "the login of the server; default: billing")
  private String databaseUser = "billing";

  @Option(
      names = "--database-password-file",
      paramLabel = "FILE",
      description =
          "holds its password and nothing more; default: the variable " + DATABASE_VARIABLE)
  private @Nullable Path databasePasswordFile;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      converter = DoctorPatience.class,
      description = "for each answer; default: ${DEFAULT-VALUE}")
  private long timeoutSeconds = 10;

  @Option(
      names = "--take-over",
      description = "connect even if that ends the connection of the running service")
  private boolean takeOver;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  /** Seconds, up to ten minutes. */
  private static final class DoctorPatience implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 600;
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Path data = dataDirectory;
    if (data == null || service.host != null || service.instance != null) {
      return examine(null);
    }
    try (OwnServer own = OwnServer.in(data.toAbsolutePath().normalize())) {
      return examine(own);
    }
  }

  private int examine(@Nullable OwnServer own) throws InterruptedException {
    DoctorTarget doctorTarget = patient(own);
    if (own != null) {
      awaitAdmission(doctorTarget);
    }
    Findings findings = new Doctor(doctorTarget).examine();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Report.printJson(findings, out);
    } else {
      Report.print(findings, out, spec.commandLine().getColorScheme().ansi());
    }
    out.flush();
    return findings.count(Result.FAIL) == 0 ? 0 : 1;
  }

  private DoctorTarget patient(@Nullable OwnServer own) {
    BillingConfig config;
    try {
      config = service.config(own);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
    return new DoctorTarget(
        config,
        config.clientId().orElseGet(() -> "billing-" + UUID.randomUUID()),
        config.clientId().isPresent() && own == null && !takeOver,
        apiKey(),
        database(),
        InstantSource.system(),
        Duration.ofSeconds(timeoutSeconds));
  }

  private @Nullable String apiKey() {
    String key = PasswordFile.read(apiKeyFile, KEY_VARIABLE);
    return key.isEmpty() ? null : key;
  }

  private @Nullable DatabaseAddress database() {
    if (database != null) {
      try {
        return new DatabaseAddress(
            database, databaseUser, PasswordFile.read(databasePasswordFile, DATABASE_VARIABLE));
      } catch (IllegalArgumentException malformed) {
        throw new ParameterException(
            spec.commandLine(), "--database: " + malformed.getMessage(), malformed);
      }
    }
    Path data = dataDirectory;
    return data == null ? null : BillingServer.runningDatabase(data.toAbsolutePath().normalize());
  }

  /** Whatever else hinders the connection is the examination's to find. */
  private static void awaitAdmission(DoctorTarget doctorTarget) throws InterruptedException {
    long end = System.nanoTime() + ADMISSION.toNanos();
    while (System.nanoTime() < end) {
      try {
        MqttProbe.connect(doctorTarget).close();
        return;
      } catch (ConnectRefusedException refused) {
        if (!refused.isOfLogin()) {
          return;
        }
        Thread.sleep(200);
      } catch (IOException other) {
        return;
      }
    }
  }
}
