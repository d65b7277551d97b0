package io.billingsdk.server.notifications;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.notifications.NotificationSettings.Smtp;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.InetAddress;
import java.net.URL;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Webhooks and mails about what happens, to customers and to the operator. */
public final class NotificationsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("notice"),
          Table.of("webhook_endpoint"),
          Table.of("webhook_delivery"),
          Table.of("webhook_attempt"),
          Table.of("mail_recipient"),
          Table.of("mail_delivery"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/notifications/db";

  /** Receivers that do not answer hold up so many threads, and not the others. */
  private static final int WEBHOOK_THREADS = 8;

  private static final int MAIL_THREADS = 2;

  private final Platform platform;
  private final NotificationSettings settings;
  private final MailAttachments attachments;
  private final InstantSource clock;
  private final InstantSource deliveryClock;
  private final NotificationCounts counts = new NotificationCounts();
  private final NotificationMeters meters;
  private final List<DeliveryThreads> threads = new ArrayList<>();
  private @Nullable WebhookSecrets secrets;
  private @Nullable WebhookTransport transport;

  /**
   * Of a server.
   *
   * @param attachments the files of mails
   */
  public NotificationsFeature(
      Platform platform, NotificationSettings settings, MailAttachments attachments) {
    this.platform = platform;
    this.settings = settings;
    this.attachments = attachments;
    this.clock = InstantSource.system();
    this.deliveryClock = new DatabaseClock(platform.database());
    this.meters = new NotificationMeters(platform.database(), counts);
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("notifications.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    WebhookEndpoints.Means means =
        new WebhookEndpoints.Means(secrets(), clock, settings.privateAddresses());
    List<Route> all = new ArrayList<>(new WebhookRoutes(means, this::wake).routes());
    all.addAll(new MailRoutes(clock, this::wake).routes());
    all.addAll(new UnsubscribeRoutes(secrets(), clock).routes());
    return all;
  }

  @Override
  public List<Meters> metrics() {
    return List.of(meters);
  }

  @Override
  public List<Job> jobs() {
    return List.of(new Upkeep(platform.database(), deliveryClock));
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new NoticeDesk(platform.database(), clock, this::wake));
  }

  /** Not in the constructor: it reads a file. */
  private synchronized WebhookSecrets secrets() {
    if (secrets == null) {
      secrets = new WebhookSecrets(platform.secrets());
    }
    return secrets;
  }

  private void wake() {
    threads.forEach(DeliveryThreads::wake);
  }

  @Override
  public void start() {
    WebhookTransport made =
        new WebhookTransport(
            TrustedRoots.context(settings.webhookCa()),
            settings.privateAddresses(),
            InetAddress::getAllByName);
    transport = made;
    made.start();
    threads.add(
        new DeliveryThreads(
            "webhooks",
            WEBHOOK_THREADS,
            new WebhookSender(platform.database(), secrets(), made, deliveryClock, counts)));
    Smtp mail = settings.mail();
    if (mail != null) {
      MailWriter writer =
          new MailWriter(platform.database(), secrets(), settings.publicUrl(), attachments);
      threads.add(
          new DeliveryThreads(
              "mail",
              MAIL_THREADS,
              new MailSender(
                  platform.database(), writer, new SmtpServer(mail), deliveryClock, counts)));
    }
    threads.forEach(DeliveryThreads::start);
  }

  @Override
  public void close() {
    threads.forEach(DeliveryThreads::close);
    WebhookTransport made = transport;
    if (made != null) {
      made.close();
    }
    meters.close();
  }
}
