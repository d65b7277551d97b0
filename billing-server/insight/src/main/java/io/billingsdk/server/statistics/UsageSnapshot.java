package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.statistics.FigureWriter.Cost;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * All figures of somebody at one time. Immutable; who reads the figures leaves them as they are.
 *
 * @param people the person, and of a user the guests who are that user
 * @param costs by the prices of the profile
 */
record UsageSnapshot(
    Person person,
    List<UUID> people,
    UsageProfile profile,
    Tally tally,
    ObjectNode figures,
    List<Cost> costs,
    Instant at) {
  /** Copies the lists. */
  UsageSnapshot {
    people = List.copyOf(people);
    costs = List.copyOf(costs);
  }

  static UsageSnapshot of(Handle handle, Person person, ProfileStore profiles, Instant now) {
    Audience audience =
        Audience.SESSIONS.includes(person.kind()) ? Audience.SESSIONS : Audience.USERS;
    UsageProfile profile = profiles.current(handle).of(audience);
    List<UUID> people = PersonRows.union(handle, person);
    Tally tally = TallyRows.total(handle, people, profile.name());
    FigureWriter writer = FigureWriter.of(tally, person, now);
    return new UsageSnapshot(
        person,
        people,
        profile,
        tally,
        writer.write(profile.figures()),
        writer.costs(profile),
        now);
  }
}
