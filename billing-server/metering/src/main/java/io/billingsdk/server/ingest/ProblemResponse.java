package io.billingsdk.server.ingest;

import io.billingsdk.server.ingest.Intake.Outcome;
import io.billingsdk.server.ingest.Intake.Status;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why an event was refused, in the names of this API: the wire's reader knows those of the wire.
 *
 * @param field of the event
 */
record ProblemResponse(String code, String field, String detail) {
  private static final Map<String, String> NAMES =
      Map.of(
          "key_id", "keyId",
          "key_sha256", "keySha256",
          "api_key", "apiKey",
          "idempotency_key", "idempotencyKey",
          "the time must", "occurredAt must");

  /** They begin with a name as it was sent, which stays as it is. */
  private static final Set<String> QUOTING =
      Set.of(EventBody.UNKNOWN_FIELD, "CLOUDEVENT_MALFORMED", "QUANTITIES_MALFORMED");

  private static final List<String> KEY_FIELDS = List.of("keyId", "keySha256", "apiKey");

  static ProblemResponse of(Outcome outcome) {
    return of(outcome.code(), outcome.detail());
  }

  /** Of an outcome that is a refusal; empty of another. */
  static Optional<ProblemResponse> ofRefused(Outcome outcome, SentEvent event) {
    return switch (outcome.status()) {
      case STORED, DUPLICATE -> Optional.empty();
      case REJECTED -> Optional.of(of(outcome));
      case CONFLICT ->
          Optional.of(
              new ProblemResponse(
                  outcome.code(),
                  // The key of the event itself, since the header's are all in the identity.
                  RequestIdentity.field(event.identity(), /* hasHeader= */ false),
                  outcome.detail()));
    };
  }

  static ProblemResponse of(String code, String said) {
    String detail = said;
    if (!QUOTING.contains(code)) {
      for (Map.Entry<String, String> each : NAMES.entrySet()) {
        detail = detail.replace(each.getKey(), each.getValue());
      }
    }
    return new ProblemResponse(code, field(code, detail), detail);
  }

  /** As it is written. */
  static String text(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static String field(String code, String detail) {
    return switch (code) {
      case "KEY_MALFORMED" ->
          KEY_FIELDS.stream()
              .filter(each -> detail.startsWith(each + " "))
              .findFirst()
              .orElse("keyId");
      case "MODULE_MALFORMED" -> "module";
      case "MODEL_MALFORMED" -> "model";
      case "USAGE_MALFORMED" -> "usage";
      case "TIMESTAMP_MALFORMED", "TOO_OLD", "IN_FUTURE" -> "occurredAt";
      case "METADATA_MALFORMED", "METADATA_TOO_LARGE" -> "metadata";
      case "IDEMPOTENCY_KEY_MALFORMED" -> "idempotencyKey";
      case "QUANTITIES_MALFORMED" -> "quantities";
      case "SUBJECT_MALFORMED" -> "subject";
      case "SESSION_MALFORMED" -> "session";
      case "EXECUTION_MALFORMED" -> "execution";
      // These begin with the name.
      case EventBody.UNKNOWN_FIELD, "CLOUDEVENT_MALFORMED" ->
          detail.contains(" must ") ? detail.substring(0, detail.indexOf(" must ")) : "event";
      default -> "event";
    };
  }
}
