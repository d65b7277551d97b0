package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.LocalDays;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.statistics.FactRows.StoredFact;
import io.billingsdk.server.statistics.ProfileStore.InForce;
import io.billingsdk.server.statistics.TallyRows.Place;
import io.billingsdk.server.statistics.UsageProfile.EventSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of persons in the transaction that adds them to the ledger: an event names its
 * person in the field {@code session}, its profile as module and its type as model. Others are none
 * of its business, and so is one that does not fit its profile: the ledger has it, and no counter
 * could say what it is. Thread-safe.
 */
final class FactHook implements AppendHook {
  /** In the metadata of an event that was admitted here. */
  static final String RECORD = "record_id";

  private static final int RECORD_CHARS = 128;

  private final ProfileStore profiles;

  FactHook(ProfileStore profiles) {
    this.profiles = profiles;
  }

  @Override
  public String name() {
    return "statistics";
  }

  /** An event of somebody. */
  private record Candidate(AppendedEvent event, UUID person, JsonNode metadata) {
    @Nullable String record() {
      String record = metadata.path(RECORD).textValue();
      return record == null || record.length() > RECORD_CHARS ? null : record;
    }
  }

  @Override
  public void appended(Connection transaction, List<AppendedEvent> rows) {
    List<Candidate> candidates = new ArrayList<>();
    for (AppendedEvent each : rows) {
      UUID person = Person.ofSession(each.details().session());
      // Whom it belongs to changes nothing here.
      if (person != null && each.kind() != AppendKind.ATTRIBUTION) {
        candidates.add(new Candidate(each, person, metadata(each.metadata())));
      }
    }
    if (candidates.isEmpty()) {
      return;
    }
    var unused =
        Database.over(
            transaction,
            handle -> {
              count(handle, candidates);
              return true;
            });
  }

  private void count(Handle handle, List<Candidate> candidates) {
    InForce inForce = profiles.current(handle);
    Set<UUID> known =
        PersonRows.known(handle, candidates.stream().map(Candidate::person).distinct().toList());
    List<StoredFact> facts = new ArrayList<>();
    SortedMap<Place, Tally> sums = new TreeMap<>();
    for (Candidate each : candidates) {
      UsageProfile profile = inForce.byName().get(each.event().module());
      if (profile != null && known.contains(each.person())) {
        UsageFact.read(profile, each.event().model(), completed(profile, each))
            .fact()
            .ifPresent(fact -> add(profile, each, fact, facts, sums));
      }
    }
    if (!facts.isEmpty()) {
      FactRows.add(handle, facts);
      TallyRows.add(handle, sums);
    }
    List<String> records =
        candidates.stream().map(Candidate::record).filter(Objects::nonNull).distinct().toList();
    if (!records.isEmpty()) {
      LimitRows.release(handle, records);
    }
  }

  /** The measure of an event is its usage, wherever its metadata leave it out. */
  private static JsonNode completed(UsageProfile profile, Candidate candidate) {
    EventSpec spec = profile.events().get(candidate.event().model());
    String measure = spec == null ? null : spec.measure();
    if (measure == null) {
      return candidate.metadata();
    }
    ObjectNode given =
        candidate.metadata() instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    // Of a correction, whose difference may be negative, the fields alone are wanted.
    given.set(measure, Json.number(candidate.event().usage().max(BigDecimal.ZERO)));
    return given;
  }

  private static void add(
      UsageProfile profile,
      Candidate candidate,
      UsageFact fact,
      List<StoredFact> facts,
      SortedMap<Place, Tally> sums) {
    AppendedEvent event = candidate.event();
    boolean isCorrection = event.kind() == AppendKind.CORRECTION;
    Tally tally =
        isCorrection
            ? fact.corrected(profile, event.usage())
            : fact.counted(profile, event.usage(), event.occurredAt());
    facts.add(
        new StoredFact(
            candidate.person(),
            event.occurredAt(),
            event.id(),
            profile.name(),
            fact.type(),
            isCorrection,
            event.usage(),
            candidate.record(),
            fact.kept(profile).toString()));
    Place ever = Place.ofAllTimes(candidate.person(), profile.name());
    Place quarter =
        new Place(candidate.person(), profile.name(), LocalDays.quarterOf(event.occurredAt()));
    sums.merge(ever, tally, Tally::plus);
    sums.merge(quarter, tally, Tally::plus);
  }

  private static JsonNode metadata(@Nullable String json) {
    try {
      return json == null
          ? MissingNode.getInstance()
          : Json.exactTree(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new IllegalStateException("metadata in the ledger is no JSON", impossible);
    }
  }
}
