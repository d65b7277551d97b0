package io.billingsdk.server.subscriptions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.subscriptions.Course.Step;
import io.billingsdk.server.subscriptions.Outcome.Change;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The rows of subscriptions. */
final class SubscriptionRows {
  private static final String SELECT = "SELECT content::text AS content FROM subscription ";

  private static final String INSERT =
      """
      INSERT INTO subscription
        (subscription_id, customer_id, state, plan, plan_version, revision, due_at, content)
      VALUES (:id, :customer, :state, :plan, :version, :revision, :due, :content::jsonb)
      ON CONFLICT DO NOTHING
      """;

  // The revision is compared in the statement that takes the lock: of two changes that have read
  // the same subscription, the second one finds another revision.
  private static final String UPDATE =
      """
      UPDATE subscription SET state = :state, plan = :plan, plan_version = :version,
        revision = :revision, due_at = :due, content = :content::jsonb
      WHERE subscription_id = :id AND revision = :old
      """;

  // One that takes another up again may meet the one that its customer has by now.
  private static final String OTHER =
      """
      SELECT count(*) FROM subscription
      WHERE customer_id = :customer AND state <> 'cancelled' AND subscription_id <> :id
      """;

  // Half-open: one that ends at the moment is none of them, and an empty segment is no time at all.
  private static final String ENDED_AFTER =
      """
      SELECT max(g.valid_to) AS ended FROM subscription_segment g JOIN subscription s USING (subscription_id)
      WHERE s.customer_id = :customer AND s.subscription_id <> :id
        AND g.valid_to > g.valid_from AND g.valid_to > :from
      """;

  // A start and a reactivation of a customer at the same time come one after the other.
  private static final String ALONE =
      "SELECT pg_advisory_xact_lock("
          + "hashtextextended('billing.subscription/' || :customer, 0))";

  private static final String SEGMENT =
      """
      INSERT INTO subscription_segment
        (subscription_id, number, plan, plan_version, is_trial, valid_from, valid_to)
      VALUES (:id, :number, :plan, :version, :trial, :from, :to)
      ON CONFLICT (subscription_id, number) DO UPDATE SET valid_to = excluded.valid_to
      """;

  private static final String EVENT =
      """
      INSERT INTO subscription_event
        (subscription_id, number, at, act, state, command, lines, actor)
      VALUES (:id, :number, :at, :act, :state, :command::jsonb, :lines::jsonb, :actor)
      """;

  private static final String EVENTS =
      """
      SELECT number, at, act, state, lines::text AS lines, actor, recorded_at
      FROM subscription_event WHERE subscription_id = :id AND number > :after
      ORDER BY number LIMIT :most
      """;

  private static final String COMMANDS =
      """
      SELECT at, command::text AS command FROM subscription_event
      WHERE subscription_id = :id ORDER BY number
      """;

  private static final String DUE =
      """
      SELECT subscription_id, due_at FROM subscription
      WHERE due_at <= now() AND (due_at, subscription_id) > (:at, :id)
      ORDER BY due_at, subscription_id LIMIT :most
      """;

  private static final String OF_VERSION =
      """
      SELECT subscription_id FROM subscription
      WHERE plan = :plan AND plan_version = coalesce(:from, plan_version) AND plan_version <> :to
        AND state <> 'cancelled' AND subscription_id > :after
      ORDER BY subscription_id LIMIT :most
      """;

  private SubscriptionRows() {}

  /** A subscription that time does something to. */
  record Due(UUID id, Instant at) {
    static final Due NONE = new Due(new UUID(0, 0), Instant.EPOCH);
  }

  /** Those due by the server's clock, the longest due first. */
  static List<Due> due(Handle handle, Due after, int most) {
    return handle
        .createQuery(DUE)
        .bind("at", after.at())
        .bind("id", after.id())
        .bind("most", most)
        .map(ResultRow.to(row -> new Due(row.uuid("subscription_id"), row.time("due_at"))))
        .list();
  }

  /** Those that a migration leads to another version, in the order of their ids. */
  static List<UUID> ofVersion(Handle handle, MigrationTerms terms, UUID after, int most) {
    return handle
        .createQuery(OF_VERSION)
        .bind("plan", terms.plan())
        .bind("from", terms.fromVersion())
        .bind("to", terms.toVersion())
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(row -> row.uuid("subscription_id")))
        .list();
  }

  /** What a list is confined to; null confines nothing. */
  record Filter(
      @Nullable String customer, @Nullable SubscriptionState state, @Nullable String plan) {}

  /** An event as its command and moment, from which it can be made again. */
  record StoredCommand(Command command, Instant at) {}

  static Optional<Subscription> one(Handle handle, UUID id, PlanBook plans) {
    return handle
        .createQuery(SELECT + "WHERE subscription_id = :id")
        .bind("id", id)
        .map(ResultRow.to(row -> row.text("content")))
        .findFirst()
        .map(content -> SubscriptionJson.read(content, plans));
  }

  /** In the order of their ids. */
  static List<Subscription> page(
      Handle handle, Filter filter, UUID after, int most, PlanBook plans) {
    // Only what is asked for: a condition that may be void would hide the indexes.
    Map<String, String> conditions = new LinkedHashMap<>();
    SubscriptionState state = filter.state();
    put(conditions, "customer_id", filter.customer());
    put(conditions, "state", state == null ? null : state.text());
    put(conditions, "plan", filter.plan());
    StringBuilder sql = new StringBuilder(SELECT).append("WHERE subscription_id > :after");
    conditions.keySet().forEach(each -> sql.append(" AND " + each + " = :" + each));
    sql.append(" ORDER BY subscription_id LIMIT :most");
    Query query = handle.createQuery(sql.toString()).bind("after", after).bind("most", most);
    conditions.forEach(query::bind);
    return read(plans, query);
  }

  private static void put(Map<String, String> conditions, String column, @Nullable String value) {
    if (value != null) {
      conditions.put(column, value);
    }
  }

  /** All of a customer, the oldest first. */
  static List<Subscription> ofCustomer(Handle handle, String customer, PlanBook plans) {
    return read(
        plans,
        handle
            .createQuery(
                SELECT + "WHERE customer_id = :customer ORDER BY created_at, subscription_id")
            .bind("customer", customer));
  }

  /** Stores what happens; refuses it when something else has happened meanwhile. */
  static void store(Handle handle, Course course, String actor) {
    Subscription after = course.after().orElseThrow();
    Subscription old = course.old();
    if (old == null) {
      insert(handle, after);
    } else {
      update(handle, old, after);
    }
    int known = old == null ? 0 : old.segments().size();
    Stream<Segment> changed = after.segments().stream().skip(Math.max(0, known - 1L));
    changed.forEach(segment -> segment(handle, after.id(), segment));
    for (Step step : course.steps()) {
      event(handle, after.id(), step, step.change().act().isOfTime() ? Subscriptions.TIME : actor);
    }
  }

  private static void insert(Handle handle, Subscription made) {
    if (bound(handle.createUpdate(INSERT), made).bind("customer", made.customer()).execute() == 0) {
      throw anotherOne(made.customer());
    }
  }

  private static void update(Handle handle, Subscription old, Subscription after) {
    int updated = bound(handle.createUpdate(UPDATE), after).bind("old", old.revision()).execute();
    if (updated == 0) {
      throw RequestRefusedException.conflict(
          "subscription",
          "somebody else has changed it at the same time. Look at it and try again");
    }
  }

  /**
   * Refuses a second subscription of a customer at any moment: another one that is not cancelled,
   * and one that has ended after the running segment of this one begins.
   */
  static void requireNoOther(Handle handle, Subscription subscription) {
    var unused =
        handle.createQuery(ALONE).bind("customer", subscription.customer()).mapToMap().one();
    long others =
        handle
            .createQuery(OTHER)
            .bind("customer", subscription.customer())
            .bind("id", subscription.id())
            .mapTo(Long.class)
            .one();
    if (others > 0) {
      throw anotherOne(subscription.customer());
    }
    requireNoneUntilLater(handle, subscription);
  }

  /** Usage of a moment in two subscriptions would be billed twice. */
  private static void requireNoneUntilLater(Handle handle, Subscription subscription) {
    List<Segment> segments = subscription.segments();
    Optional<Instant> ended =
        handle
            .createQuery(ENDED_AFTER)
            .bind("customer", subscription.customer())
            .bind("id", subscription.id())
            .bind("from", segments.get(segments.size() - 1).from())
            .map(ResultRow.to(row -> Optional.ofNullable(row.timeOrNull("ended"))))
            .one();
    if (ended.isPresent()) {
      throw RequestRefusedException.invalid(
          "at",
          "at or after "
              + ended.get()
              + ", when another subscription of customer "
              + subscription.customer()
              + " ended");
    }
  }

  static RequestRefusedException anotherOne(String customer) {
    return RequestRefusedException.conflict(
        "customerId",
        "customer "
            + customer
            + " has a subscription that is not cancelled. Switch its plan, or cancel it first");
  }

  private static <S extends SqlStatement<S>> S bound(S statement, Subscription of) {
    return statement
        .bind("id", of.id())
        .bind("state", of.state().text())
        .bind("plan", of.plan().plan())
        .bind("version", of.plan().version())
        .bind("revision", of.revision())
        .bind("due", of.dueAt().orElse(null))
        .bind("content", SubscriptionJson.write(of));
  }

  private static void segment(Handle handle, UUID id, Segment segment) {
    handle
        .createUpdate(SEGMENT)
        .bind("id", id)
        .bind("number", segment.number())
        .bind("plan", segment.plan().plan())
        .bind("version", segment.plan().version())
        .bind("trial", segment.isTrial())
        .bind("from", segment.from())
        .bind("to", segment.to())
        .execute();
  }

  private static void event(Handle handle, UUID id, Step step, String actor) {
    Change change = step.change();
    ArrayNode lines = SubscriptionJson.object().putArray("lines");
    SubscriptionJson.lines(lines, change.lines());
    handle
        .createUpdate(EVENT)
        .bind("id", id)
        .bind("number", change.after().revision())
        .bind("at", change.at())
        .bind("act", change.act().text())
        .bind("state", change.after().state().text())
        .bind("command", CommandJson.write(step.command()).toString())
        .bind("lines", lines.toString())
        .bind("actor", actor)
        .execute();
  }

  /** In their order. */
  static List<SubscriptionEvent> events(Handle handle, UUID id, long after, int most) {
    return handle
        .createQuery(EVENTS)
        .bind("id", id)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(SubscriptionRows::event))
        .list();
  }

  /** The commands of all events, in their order. */
  static List<StoredCommand> commands(Handle handle, UUID id, PlanBook plans) {
    List<StoredText> found =
        handle
            .createQuery(COMMANDS)
            .bind("id", id)
            .map(ResultRow.to(row -> new StoredText(row.text("command"), row.time("at"))))
            .list();
    return found.stream()
        .map(
            each ->
                new StoredCommand(
                    CommandJson.read(SubscriptionJson.tree(each.command()), plans), each.at()))
        .toList();
  }

  private record StoredText(String command, Instant at) {}

  private static SubscriptionEvent event(ResultRow row) {
    return new SubscriptionEvent(
        row.number("number"),
        row.time("at"),
        row.text("act"),
        SubscriptionState.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        SubscriptionJson.lines(SubscriptionJson.tree(row.text("lines"))),
        row.text("actor"),
        row.time("recorded_at"));
  }

  private static List<Subscription> read(PlanBook plans, Query query) {
    // All rows first: their plans are asked for on the same connection.
    List<String> found = query.map(ResultRow.to(row -> row.text("content"))).list();
    return found.stream().map(content -> SubscriptionJson.read(content, plans)).toList();
  }
}
