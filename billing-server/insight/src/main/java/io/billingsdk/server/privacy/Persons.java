package io.billingsdk.server.privacy;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.privacy.PersonRows.StoredPerson;
import io.billingsdk.server.privacy.PersonUsage.CostView;
import io.billingsdk.server.privacy.PersonUsage.EventView;
import io.billingsdk.server.privacy.PersonUsage.UsageView;
import io.billingsdk.server.privacy.PersonVault.SealedPerson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Persons behind subjects. Neither the audit log nor an error repeats an identifier: both outlive
 * the person. Thread-safe; each call is within a transaction of the caller.
 */
final class Persons {
  private final PersonVault vault;

  Persons(PersonVault vault) {
    this.vault = vault;
  }

  /** A subject of a person, and whether it is a new one. */
  record PersonView(String subject, boolean created) {}

  /** All that is held of a person. */
  record ExportView(
      String subject,
      String identifier,
      Instant registeredAt,
      List<UsageView> usage,
      List<CostView> costs,
      List<EventView> events,
      long moreEvents) {}

  /**
   * The act of an erasure.
   *
   * @param events of the ledger that carry the subject, which leads to nobody now
   * @param plainEvents events that carry the identifier itself, since their sender gave it
   */
  record ErasureView(String subject, Instant erasedAt, long events, long plainEvents) {}

  /** The subject of a person: the same until the person is erased. */
  PersonView register(Handle handle, String identifier, Actor actor) {
    byte[] lookup = vault.lookup(identifier);
    Optional<StoredPerson> known = PersonRows.byLookup(handle, lookup);
    if (known.isPresent()) {
      return asked(handle, known.get().subject(), false, actor);
    }
    SealedPerson person = vault.seal(identifier);
    if (PersonRows.add(handle, person, lookup)) {
      return asked(handle, person.subject(), true, actor);
    }
    String other = PersonRows.byLookup(handle, lookup).orElseThrow().subject();
    return asked(handle, other, false, actor);
  }

  private static PersonView asked(Handle handle, String subject, boolean created, Actor actor) {
    audit(handle, actor, "privacy.register", subject, Map.of("created", created));
    return new PersonView(subject, created);
  }

  /** All that is held of a person; who asked for it is written down. */
  ExportView export(Handle handle, PersonName name, Actor actor) {
    StoredPerson person = require(handle, name);
    String subject = person.subject();
    List<EventView> events = PersonUsage.events(handle, subject);
    audit(handle, actor, "privacy.export", subject, Map.of("events", events.size()));
    return new ExportView(
        subject,
        vault.open(person.sealed()),
        person.registered(),
        PersonUsage.sums(handle, subject),
        PersonUsage.costs(handle, subject),
        events,
        PersonUsage.count(handle, subject) - events.size());
  }

  /** Deletes the mapping and the key; the ledger keeps the subject, and so its sums. */
  ErasureView erase(Handle handle, PersonName name, String reason, Actor actor) {
    StoredPerson person = require(handle, name);
    String subject = person.subject();
    String identifier = vault.open(person.sealed());
    if (reason.contains(identifier)) {
      // The reason is kept for ever.
      throw RequestRefusedException.invalid("reason", "a text without the identifier");
    }
    long events = PersonUsage.count(handle, subject);
    long plain = PersonUsage.count(handle, identifier);
    Instant erased = PersonRows.erase(handle, subject, reason, actor);
    Map<String, Object> after = Map.of("reason", reason, "events", events, "plainEvents", plain);
    audit(handle, actor, "privacy.erase", subject, after);
    return new ErasureView(subject, erased, events, plain);
  }

  private StoredPerson require(Handle handle, PersonName name) {
    if (name.identifier() != null) {
      return PersonRows.byLookup(handle, vault.lookup(name.identifier()))
          .orElseThrow(
              () ->
                  RequestRefusedException.notFound(
                      "identifier", "no person has this identifier; perhaps it was erased"));
    }
    String subject = name.subject();
    return PersonRows.bySubject(handle, subject)
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "subject",
                    PersonRows.isErased(handle, subject)
                        ? "the person of this subject was erased"
                        : "no person has this subject"));
  }

  private static void audit(
      Handle handle, Actor actor, String action, String subject, Map<String, ?> after) {
    AuditLog.write(handle, actor, action, "person/" + subject, null, after);
  }
}
