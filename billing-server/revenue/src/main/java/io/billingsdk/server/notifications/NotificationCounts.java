package io.billingsdk.server.notifications;

import java.util.concurrent.atomic.LongAdder;

/** What this server has sent since its start. Thread-safe. */
final class NotificationCounts {
  private final LongAdder webhooksSent = new LongAdder();
  private final LongAdder webhooksFailed = new LongAdder();
  private final LongAdder mailsSent = new LongAdder();
  private final LongAdder mailsFailed = new LongAdder();

  void webhook(boolean sent) {
    (sent ? webhooksSent : webhooksFailed).increment();
  }

  void mail(boolean sent) {
    (sent ? mailsSent : mailsFailed).increment();
  }

  /** How many attempts of a channel went so. */
  long of(Channel channel, boolean sent) {
    return switch (channel) {
      case WEBHOOK -> (sent ? webhooksSent : webhooksFailed).sum();
      case MAIL -> (sent ? mailsSent : mailsFailed).sum();
    };
  }

  /** How a notice leaves. */
  enum Channel {
    WEBHOOK,
    MAIL
  }
}
