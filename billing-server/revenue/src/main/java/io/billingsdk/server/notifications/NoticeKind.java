package io.billingsdk.server.notifications;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kinds of notices, and which fields of an event each shows: a field that a feature adds to its
 * event later is shown to nobody until it stands here.
 */
enum NoticeKind {
  QUOTA_THRESHOLD("quota.threshold_reached", false, NoticeFields.QUOTA),
  QUOTA_EXHAUSTED("quota.exhausted", true, NoticeFields.QUOTA),
  SUBSCRIPTION_STARTED("subscription.started", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_CHANGED("subscription.changed", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_CHANGE_SCHEDULED("subscription.change_scheduled", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_CANCEL_SCHEDULED("subscription.cancel_scheduled", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_CANCELLED("subscription.cancelled", true, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_UNDONE("subscription.undone", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_PAUSED("subscription.paused", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_RESUMED("subscription.resumed", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_REACTIVATED("subscription.reactivated", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_PAST_DUE("subscription.past_due", true, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_RECOVERED("subscription.recovered", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_TRIAL_ENDED("subscription.trial_ended", false, NoticeFields.SUBSCRIPTION),
  SUBSCRIPTION_RENEWED("subscription.renewed", false, NoticeFields.SUBSCRIPTION),
  KEY_BLOCKED("key.blocked", true, NoticeFields.KEY),
  KEY_UNBLOCKED("key.unblocked", false, NoticeFields.KEY),
  INVOICE_REMINDER("invoice.reminder", false, NoticeFields.OWED),
  INVOICE_PAST_DUE("invoice.past_due", true, NoticeFields.OWED),
  PAYMENT_RECEIVED("payment.received", false, NoticeFields.PAYMENT),
  PAYMENT_REFUNDED("payment.refunded", false, NoticeFields.PAYMENT),
  PAYMENT_FAILED(
      "payment.failed",
      true,
      List.of("number", "currency", "open", "attempt", "declineCode", "nextOn")),
  CHARGE_REQUIRES_ACTION(
      "charge.requires_action", true, List.of("number", "currency", "amount", "url")),
  METHOD_EXPIRES("payment_method.expires", true, List.of("brand", "last4", "expiresOn")),
  CUSTOMER_RELEASED("customer.released", false, List.of()),
  INVOICE_ISSUED("invoice.issued", true, NoticeFields.INVOICE),
  ENDPOINT_DISABLED("webhook.endpoint_disabled", true, NoticeFields.ENDPOINT),
  COST_ALERT_RAISED("cost.alert_raised", false, NoticeFields.COST_ALERT),
  COST_ALERT_RESOLVED("cost.alert_resolved", false, NoticeFields.COST_ALERT),
  COST_ADVICE(
      "cost.advice_given",
      false,
      List.of("month", "advice", "priority", "about", "message", "money", "currency")),
  REPORT_MONTHLY("report.monthly", false, List.of("month", "url")),
  ANOMALY_DETECTED("anomaly.detected", false, NoticeFields.ANOMALY),
  ANOMALY_RESOLVED("anomaly.resolved", false, NoticeFields.ANOMALY),
  LEDGER_SEALED(
      "ledger.day.sealed",
      false,
      List.of("day", "cutNo", "rows", "before", "digest", "signature", "sealKey")),
  USAGE_LIMIT_NEAR(
      "usage.limit_near",
      false,
      List.of("person", "profile", "limitName", "used", "limit", "resetsAt"));

  /**
   * The events that have a notice mailed once its PDF is there, which goes with the mail. Webhooks
   * say the notice at once, by its own event.
   */
  private static final Map<String, NoticeKind> MAILED =
      Map.of(
          "invoice.document_stored", INVOICE_ISSUED,
          "invoice.reminder_to_mail", INVOICE_REMINDER,
          "invoice.past_due_to_mail", INVOICE_PAST_DUE,
          "payment.received_to_mail", PAYMENT_RECEIVED);

  private static final Map<String, NoticeKind> BY_TEXT =
      Arrays.stream(values())
          .collect(
              Collectors.toMap(
                  NoticeKind::text, Function.identity(), (one, other) -> one, LinkedHashMap::new));

  private final String text;
  private final boolean mandatory;

  @SuppressWarnings("ImmutableEnumChecker") // It is of List.of.
  private final List<String> fields;

  NoticeKind(String text, boolean mandatory, List<String> fields) {
    this.text = text;
    this.mandatory = mandatory;
    this.fields = fields;
  }

  /** The fields of kinds that one event brings. */
  private static final class NoticeFields {
    static final List<String> QUOTA =
        List.of("quota", "meter", "threshold", "limit", "used", "resetsAt");
    static final List<String> SUBSCRIPTION =
        List.of("subscriptionId", "act", "at", "revision", "state", "plan", "version");
    static final List<String> KEY = List.of("keyId", "appId", "status", "reason", "causes");
    static final List<String> OWED =
        List.of("number", "currency", "open", "dueOn", "reference", "step", "nextOn");
    static final List<String> PAYMENT =
        List.of("paymentId", "currency", "amount", "method", "numbers");
    static final List<String> ANOMALY =
        List.of("anomalyId", "series", "onset", "kind", "direction", "sentence");
    static final List<String> ENDPOINT = List.of("endpointId", "host", "problem", "failingSince");

    static final List<String> INVOICE =
        List.of("number", "kind", "issuedOn", "currency", "total", "due", "corrects");

    static final List<String> COST_ALERT =
        List.of(
            "alert",
            "rule",
            "scope",
            "about",
            "period",
            "currency",
            "limit",
            "amount",
            "threshold",
            "cause");

    private NoticeFields() {}
  }

  /** As events, webhooks and settings name it. */
  String text() {
    return text;
  }

  /** Whether a person cannot end its mails by the link. */
  boolean isMandatory() {
    return mandatory;
  }

  /** The fields of the event that it shows, in their order. */
  List<String> fields() {
    return fields;
  }

  static Optional<NoticeKind> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }

  /** Of an event that has a notice mailed, and no webhook sent. */
  static Optional<NoticeKind> mailedBy(String event) {
    return Optional.ofNullable(MAILED.get(event));
  }

  /** Whether its mail waits for an event of its own. */
  boolean isMailedLater() {
    return MAILED.containsValue(this);
  }

  /** All, as the database names them; it may have notices of others, of another version. */
  static List<String> texts() {
    return List.copyOf(BY_TEXT.keySet());
  }

  /** The kinds of events that notices are made of. */
  static Set<String> events() {
    // That a quota is used up is a threshold of it.
    return Stream.concat(BY_TEXT.keySet().stream(), MAILED.keySet().stream())
        .filter(each -> !each.equals(QUOTA_EXHAUSTED.text))
        .collect(Collectors.toUnmodifiableSet());
  }
}
