package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reports what a session, a guest or a user does, for the statistics that the server keeps of them:
 * files, projects, exports and subtitles, or events of a profile of your own.
 *
 * <pre>{@code
 * Statistics session = Billing.session(key, token);
 * session.fileUploaded("audio", size, "mp3");
 * session.exported(Duration.ofMinutes(5), "mp4", true);
 * }</pre>
 *
 * <p>An event goes through the journal as all usage does, so it is counted when the server is back.
 * No limit is asked for: {@code POST /api/usage/record} does that.
 *
 * <p>Immutable and thread-safe. No method throws because of a text: an event that is out of bounds
 * is rejected when it is reported.
 */
public final class Statistics {
  private static final String MEDIA = "media";
  private static final String TOKEN = "bst_";
  private static final int TOKEN_BYTES = 29;
  private static final int PERSON_AT = 5;
  private static final int NANO_DIGITS = 9;

  private final Function<UsageEvent, ReportOutcome> reporter;
  private final @Nullable String apiKey;
  private final @Nullable String person;
  private final String profile;

  Statistics(
      Function<UsageEvent, ReportOutcome> reporter,
      @Nullable String apiKey,
      @Nullable String token) {
    this(reporter, apiKey, person(token), MEDIA);
  }

  private Statistics(
      Function<UsageEvent, ReportOutcome> reporter,
      @Nullable String apiKey,
      @Nullable String person,
      String profile) {
    this.reporter = reporter;
    this.apiKey = apiKey;
    this.person = person;
    this.profile = profile;
  }

  /** The same by the events of another profile; without this it is {@code media}. */
  public Statistics withProfile(String newProfile) {
    return new Statistics(reporter, apiKey, person, requireNonNull(newProfile, "newProfile"));
  }

  /**
   * Whether the token has the form of one. The SDK does not verify its signature, which the server
   * does. Events of another text are usage, and the statistics count none of them.
   */
  public boolean hasPerson() {
    return person != null;
  }

  /**
   * A file was uploaded.
   *
   * @param kind {@code audio} or {@code image}
   * @param bytes its size
   * @param type such as {@code mp3}; null where it is not known
   */
  public ReportOutcome fileUploaded(String kind, long bytes, @Nullable String type) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("kind", kind);
    put(metadata, "type", type);
    return event("file_upload", BigDecimal.valueOf(bytes), metadata);
  }

  /** A project was made. */
  public ReportOutcome projectCreated() {
    return event("project_create", BigDecimal.ONE, Map.of());
  }

  /** A file was added to a project. */
  public ReportOutcome projectFileAdded() {
    return event("project_file", BigDecimal.ONE, Map.of());
  }

  /** Somebody worked on a project. */
  public ReportOutcome projectWorked(Duration time) {
    return event("project_time", seconds(time), Map.of());
  }

  /**
   * Something was exported, or could not be.
   *
   * @param time how long it plays; a failed export counts, and adds no time
   * @param format such as {@code mp4}; null where it is not known
   */
  public ReportOutcome exported(Duration time, @Nullable String format, boolean success) {
    Map<String, Object> metadata = new HashMap<>();
    put(metadata, "format", format);
    metadata.put("success", success);
    return event("export", seconds(time), metadata);
  }

  /**
   * Subtitles were made by a model, or could not be.
   *
   * @param audio how long the sound plays
   */
  public ReportOutcome subtitlesMade(Duration audio, boolean success) {
    return event("ai_subtitle", seconds(audio), Map.of("success", success));
  }

  /**
   * An event of the profile.
   *
   * @param type as the profile names it
   * @param measure the field of the event that the profile measures; 1 where it measures none
   * @param metadata the other fields
   */
  public ReportOutcome event(String type, @Nullable BigDecimal measure, Map<String, ?> metadata) {
    return reporter.apply(
        UsageEvent.of(apiKey, profile, type, measure).withSession(person).withMetadata(metadata));
  }

  private static void put(Map<String, Object> metadata, String name, @Nullable String text) {
    if (text != null) {
      metadata.put(name, text);
    }
  }

  private static BigDecimal seconds(Duration time) {
    return BigDecimal.valueOf(time.getSeconds())
        .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS));
  }

  /** As the ledger names the one whose token it is; null of another text. */
  private static @Nullable String person(@Nullable String token) {
    int end = token == null ? -1 : token.indexOf('.');
    if (token == null || end < 0 || !token.startsWith(TOKEN)) {
      return null;
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(token.substring(TOKEN.length(), end));
      if (claims.length != TOKEN_BYTES) {
        return null;
      }
      ByteBuffer id = ByteBuffer.wrap(claims, PERSON_AT, 2 * Long.BYTES);
      return "st-" + new UUID(id.getLong(), id.getLong());
    } catch (IllegalArgumentException noToken) {
      return null;
    }
  }

  /** Without the key and the person. */
  @Override
  public String toString() {
    return "Statistics[profile=" + profile + "]";
  }
}
