package io.billingsdk.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.server.subscriptions.Command.ChangeBillDay;
import io.billingsdk.server.subscriptions.Command.ChangeZone;
import io.billingsdk.server.subscriptions.Command.Migrate;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Command.Switch;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.StateTable.Leads;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of states and acts: on the page, in the code, and by trying every pair. */
final class StateTableTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ".")).resolve("../../docs/subscriptions.md");

  @Test
  void table_ofThePage_isThatOfTheCode() throws IOException {
    assertThat(Files.readString(PAGE)).contains(table());
  }

  @Test
  void everyAct_fromEveryState_doesWhatTheTableSays() {
    int allowed = 0;
    int refused = 0;
    for (SubscriptionState state : states()) {
      for (Act act : Act.values()) {
        for (Subscription subscription : examples(state, act)) {
          Outcome outcome = tried(subscription, act);
          if (StateTable.at(state, act) instanceof Leads leads) {
            assertThat(outcome).as("%s from %s", act, state).isInstanceOf(Change.class);
            assertThat(leads.to()).contains(((Change) outcome).after().state());
            allowed++;
          } else {
            Refusal why = StateTable.refusal(state, act).orElseThrow();
            assertThat(outcome).as("%s from %s", act, state).isEqualTo(new Outcome.Refused(why));
            refused++;
          }
        }
      }
    }
    Proof.of("subscription-states")
        .with("states", SubscriptionState.values().length + 1)
        .with("acts", Act.values().length)
        .with("allowed", allowed)
        .with("refused", refused)
        .print();
    assertThat(allowed + refused)
        .isGreaterThanOrEqualTo((SubscriptionState.values().length + 1) * Act.values().length);
  }

  /** A table that names a state which nothing reaches would be wrong too. */
  @Test
  void everyState_thatTheTableNames_isReached() {
    for (SubscriptionState state : states()) {
      for (Act act : Act.values()) {
        if (StateTable.at(state, act) instanceof Leads leads) {
          TreeSet<SubscriptionState> reached = new TreeSet<>();
          for (Subscription example : examples(state, act)) {
            reached.add(((Change) tried(example, act)).after().state());
          }
          if (state == null) {
            reached.add(Samples.started(Samples.TRIAL, "2026-03-11").state());
          }
          assertThat(reached).as("%s from %s", act, state).containsAll(leads.to());
        }
      }
    }
  }

  private static List<@Nullable SubscriptionState> states() {
    List<@Nullable SubscriptionState> states = new ArrayList<>();
    states.add(null);
    states.addAll(List.of(SubscriptionState.values()));
    return states;
  }

  /** Subscriptions in this state in which an act is possible if the state allows it. */
  private static List<@Nullable Subscription> examples(@Nullable SubscriptionState state, Act act) {
    List<@Nullable Subscription> examples = new ArrayList<>();
    Subscription plain = in(state);
    boolean needsPending = act == Act.UNDO && plain != null && plain.dueAt().isPresent();
    if (!needsPending) {
      examples.add(plain);
    }
    if (plain != null && plain.dueAt().isPresent() && (needsPending || act.isOfTime())) {
      examples.add(Samples.after(plain, Act.CANCEL_AT_END, "2026-03-16"));
    }
    return examples;
  }

  private static @Nullable Subscription in(@Nullable SubscriptionState state) {
    if (state == null) {
      return null;
    }
    Subscription active = Samples.started(Samples.PRO, "2026-03-11");
    return switch (state) {
      case TRIALING -> Samples.started(Samples.TRIAL, "2026-03-11");
      case ACTIVE -> active;
      case PAST_DUE -> Samples.after(active, Act.PAYMENT_MISSED, "2026-03-12");
      case PAUSED -> Samples.after(active, Act.PAUSE, "2026-03-12");
      case CANCELLED -> Samples.after(active, Act.CANCEL_NOW, "2026-03-12");
    };
  }

  private static Outcome tried(@Nullable Subscription subscription, Act act) {
    Instant at = Samples.time("2026-03-17");
    if (subscription != null && act.isOfTime() && subscription.dueAt().isPresent()) {
      at = subscription.dueAt().get();
    }
    return Planner.plan(subscription, command(subscription, act), at);
  }

  private static Command command(@Nullable Subscription subscription, Act act) {
    String plan = subscription == null ? "pro" : subscription.plan().plan();
    return switch (act) {
      case START -> Samples.start(Samples.PRO, Samples.UTC, null);
      case UPGRADE -> new Switch(Samples.ENTERPRISE, null);
      case DOWNGRADE -> new Switch(Samples.FREE, null);
      case MIGRATE -> new Migrate(Samples.monthly(plan, 7, "USD", "35"), null);
      case CHANGE_ZONE -> new ChangeZone(ZoneId.of("Asia/Tokyo"));
      case CHANGE_BILL_DAY -> new ChangeBillDay(25, RunningPeriod.STAYS);
      default -> new Plain(act);
    };
  }

  /** The table as the page has it. */
  private static String table() {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (Act act : Act.values()) {
      rows.put(
          "`" + act.text() + "`",
          states().stream().map(state -> cell(StateTable.at(state, act))).toList());
    }
    String head =
        "| | none | "
            + List.of(SubscriptionState.values()).stream()
                .map(SubscriptionState::text)
                .collect(Collectors.joining(" | "))
            + " |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    return head
        + rows.entrySet().stream()
            .map(row -> "| " + row.getKey() + " | " + String.join(" | ", row.getValue()) + " |")
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static String cell(StateTable.Entry entry) {
    return entry instanceof Leads leads
        ? leads.to().stream().map(SubscriptionState::text).collect(Collectors.joining(", "))
        : "*" + ((StateTable.NotAllowed) entry).why().text() + "*";
  }
}
