package io.billingsdk.server.statistics;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The profiles in force: the shipped ones, and those that somebody has given. Reads the table when
 * there is a newer one. Thread-safe.
 */
final class ProfileStore {
  private static final String NEWEST =
      "SELECT coalesce(max(profile_no), 0) AS newest FROM statistics_profile";

  private static final String ALL =
      "SELECT content FROM statistics_profile WHERE profile_no <= :newest ORDER BY profile_no";

  private static final String ADD =
      """
      INSERT INTO statistics_profile (name, audience, content, reason, actor)
      VALUES (:name, :audience, :content, :reason, :actor)
      """;

  private static final InForce SHIPPED =
      InForce.of(0, List.of(ProfileReader.shipped("media"), ProfileReader.shipped("audio")));

  private volatile InForce last = SHIPPED;

  /**
   * Profiles of one moment.
   *
   * @param newest the number of the last one of the table
   * @param byName the last one of each name
   * @param byAudience the last one of each audience
   */
  record InForce(
      long newest, Map<String, UsageProfile> byName, Map<Audience, UsageProfile> byAudience) {
    /** Copies the maps. */
    InForce {
      byName = Map.copyOf(byName);
      byAudience = Map.copyOf(byAudience);
    }

    private static InForce of(long newest, Collection<UsageProfile> inOrder) {
      Map<String, UsageProfile> byName = new HashMap<>();
      Map<Audience, UsageProfile> byAudience = new EnumMap<>(Audience.class);
      for (UsageProfile each : inOrder) {
        byName.put(each.name(), each);
        byAudience.put(each.audience(), each);
      }
      return new InForce(newest, byName, byAudience);
    }

    /** That of an audience. */
    UsageProfile of(Audience audience) {
      return Optional.ofNullable(byAudience.get(audience))
          .orElseThrow(() -> new IllegalStateException("no profile of " + audience));
    }
  }

  /** Those of now. */
  InForce current(Handle handle) {
    InForce known = last;
    long newest = handle.createQuery(NEWEST).map(ResultRow.to(row -> row.number("newest"))).one();
    if (known.newest() == newest) {
      return known;
    }
    List<UsageProfile> all = new ArrayList<>();
    all.add(SHIPPED.of(Audience.SESSIONS));
    all.add(SHIPPED.of(Audience.USERS));
    all.addAll(
        handle
            .createQuery(ALL)
            .bind("newest", newest)
            .map(ResultRow.to(row -> profile(row.text("content"))))
            .list());
    InForce read = InForce.of(newest, all);
    last = read;
    return read;
  }

  private static UsageProfile profile(String content) {
    try {
      return ProfileReader.read(Json.exactTree(content.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException impossible) {
      throw new IllegalStateException("a profile in the database is no JSON", impossible);
    }
  }

  /**
   * Adds one, which is in force from now on.
   *
   * @param content as it was read
   */
  static void add(Handle handle, UsageProfile profile, String content, String reason, String by) {
    handle
        .createUpdate(ADD)
        .bind("name", profile.name())
        .bind("audience", profile.audience().name().toLowerCase(Locale.ROOT))
        .bind("content", content)
        .bind("reason", reason)
        .bind("actor", by)
        .execute();
  }
}
