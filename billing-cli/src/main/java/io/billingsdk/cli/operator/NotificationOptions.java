package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.notifications.NotificationSettings;
import io.billingsdk.server.notifications.NotificationSettings.Smtp;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How webhooks and mails leave the server. */
final class NotificationOptions {
  private static final String PASSWORD_VARIABLE = "BILLING_SMTP_PASSWORD";
  private static final String ADDRESS = "[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,189}";

  @Option(
      names = "--smtp-host",
      paramLabel = "HOST",
      description = "an SMTP server with STARTTLS, for mails; default: the server sends no mail")
  private @Nullable String smtpHost;

  @Option(
      names = "--smtp-port",
      paramLabel = "PORT",
      converter = Whole.Port.class,
      description = "its port; default: 587")
  private long smtpPort = 587;

  @Option(
      names = "--smtp-user",
      paramLabel = "NAME",
      description =
          "its login; default: none. The password comes from --smtp-password-file or the variable "
              + PASSWORD_VARIABLE)
  private @Nullable String smtpUser;

  @Option(
      names = "--smtp-password-file",
      paramLabel = "FILE",
      description = "holds the password and nothing else")
  private @Nullable Path smtpPasswordFile;

  @Option(
      names = "--smtp-ca",
      paramLabel = "FILE",
      description = "the PEM file of its authority, beside Java's own")
  private @Nullable Path smtpCa;

  @Option(
      names = "--mail-from",
      paramLabel = "ADDRESS",
      description = "the sender of all mails; needed with --smtp-host")
  private @Nullable String from;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description =
          "https://host:port where people reach the HTTP API; default: mails have no link to end"
              + " them")
  private @Nullable URI publicUrl;

  @Option(
      names = "--webhooks-to-private-addresses",
      description = "webhooks may go to private addresses, for tests and closed networks")
  private boolean privateAddresses;

  @Option(
      names = "--webhook-ca",
      paramLabel = "FILE",
      description = "a PEM file of authorities that webhooks trust, beside Java's own")
  private @Nullable Path webhookCa;

  NotificationSettings settings() {
    return new NotificationSettings(smtp(), url(), privateAddresses, webhookCa);
  }

  private @Nullable Smtp smtp() {
    String host = smtpHost;
    if (host == null) {
      return null;
    }
    String sender = from;
    if (sender == null || !sender.matches(ADDRESS)) {
      throw new WrongOptionException(
          "--mail-from must be an address, such as billing@example.com, with --smtp-host");
    }
    String password =
        smtpUser == null ? "" : PasswordFile.read(smtpPasswordFile, PASSWORD_VARIABLE);
    return new Smtp(host, Math.toIntExact(smtpPort), sender, smtpUser, password, smtpCa);
  }

  private @Nullable URI url() {
    URI url = publicUrl;
    if (url != null
        && (!"https".equals(url.getScheme())
            || url.getHost() == null
            || url.getRawQuery() != null
            || url.getRawUserInfo() != null)) {
      throw new WrongOptionException("--public-url must be https://host:port");
    }
    return url;
  }
}
