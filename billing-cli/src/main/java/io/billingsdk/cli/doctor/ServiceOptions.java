package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.Whole;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The service's settings; the others come from where the SDK takes them. */
final class ServiceOptions {
  private static final String PASSWORD_VARIABLE = "BILLING_PASSWORD";

  @Option(names = "--host", paramLabel = "HOST", description = "the broker's name")
  @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = ServicePort.class,
      description = "its TLS port; default: that of --data-dir, or 8883")
  @Nullable Long port;

  /** One that something listens on. */
  private static final class ServicePort implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 65_535;
    }
  }

  @Option(names = "--ca", paramLabel = "FILE", description = "the PEM file of its authority")
  @Nullable Path ca;

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description =
          "user and client id of the service; its password comes from --password-file or "
              + PASSWORD_VARIABLE)
  @Nullable String instance;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "holds the password of the instance and nothing else")
  @Nullable Path passwordFile;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "the first part of all topics; default: billing")
  @Nullable String prefix;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "the service's journal; default: billing-journal")
  @Nullable Path journal;

  /** With what an own server of a data directory makes known; null without one. */
  BillingConfig config(@Nullable OwnServer own) {
    BillingConfigBuilder builder = BillingConfig.builder().fromEnvironment().enabled(true);
    if (host != null || own != null) {
      builder.host(host != null ? host : "127.0.0.1");
    }
    Long given = port;
    if (given != null) {
      builder.port(Math.toIntExact(given));
    } else if (own != null) {
      builder.port(own.port());
    }
    if (ca != null) {
      builder.caCertificates(ca);
    } else if (own != null) {
      builder.caCertificates(own.ca());
    }
    if (instance != null) {
      builder.clientId(instance).credentials(instance, password());
    } else if (own != null) {
      builder.clientId(own.instance()).credentials(own.instance(), own.password());
    }
    if (prefix != null) {
      builder.topicPrefix(prefix);
    }
    if (journal != null) {
      builder.journalDirectory(journal);
    }
    return builder.build();
  }

  private String password() {
    return PasswordFile.read(passwordFile, PASSWORD_VARIABLE);
  }
}
