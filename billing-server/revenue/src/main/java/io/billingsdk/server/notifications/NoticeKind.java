package io.billingsdk.server.notifications;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The kinds of notices, and which fields of an event each shows: a field that a feature adds to its
 * event later is shown to nobody until it stands here.
 */
enum NoticeKind {
  QUOTA_THRESHOLD("quota.threshold_reached", false, Fields.QUOTA),
  QUOTA_EXHAUSTED("quota.exhausted", true, Fields.QUOTA),
  SUBSCRIPTION_STARTED("subscription.started", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_CHANGED("subscription.changed", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_CHANGE_SCHEDULED("subscription.change_scheduled", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_CANCEL_SCHEDULED("subscription.cancel_scheduled", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_CANCELLED("subscription.cancelled", true, Fields.SUBSCRIPTION),
  SUBSCRIPTION_UNDONE("subscription.undone", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_PAUSED("subscription.paused", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_RESUMED("subscription.resumed", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_REACTIVATED("subscription.reactivated", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_PAST_DUE("subscription.past_due", true, Fields.SUBSCRIPTION),
  SUBSCRIPTION_RECOVERED("subscription.recovered", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_TRIAL_ENDED("subscription.trial_ended", false, Fields.SUBSCRIPTION),
  SUBSCRIPTION_RENEWED("subscription.renewed", false, Fields.SUBSCRIPTION),
  KEY_BLOCKED("key.blocked", true, Fields.KEY),
  KEY_UNBLOCKED("key.unblocked", false, Fields.KEY),
  ENDPOINT_DISABLED("webhook.endpoint_disabled", true, Fields.ENDPOINT),
  /** Nobody sends it yet: the feature that makes reports adds the event. */
  REPORT_MONTHLY("report.monthly", false, List.of("month", "url"));

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
  private static final class Fields {
    static final List<String> QUOTA =
        List.of("quota", "meter", "threshold", "limit", "used", "resetsAt");
    static final List<String> SUBSCRIPTION =
        List.of("subscriptionId", "act", "at", "revision", "state", "plan", "version");
    static final List<String> KEY = List.of("keyId", "appId", "status", "reason", "causes");
    static final List<String> ENDPOINT = List.of("endpointId", "host", "problem", "failingSince");

    private Fields() {}
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

  /** All, as the database names them; it may have notices of others, of another version. */
  static List<String> texts() {
    return List.copyOf(BY_TEXT.keySet());
  }

  /** The kinds of events that notices are made of. */
  static Set<String> events() {
    // That a quota is used up is a threshold of it.
    return BY_TEXT.keySet().stream()
        .filter(each -> !each.equals(QUOTA_EXHAUSTED.text))
        .collect(Collectors.toUnmodifiableSet());
  }
}
