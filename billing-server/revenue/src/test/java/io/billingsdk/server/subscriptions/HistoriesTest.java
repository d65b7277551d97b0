package io.billingsdk.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Money;
import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.subscriptions.Command.Start;
import io.billingsdk.server.subscriptions.Course.Step;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.SubscriptionRows.StoredCommand;
import io.billingsdk.testbed.Proof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories: whatever happens to a subscription, no moment is charged twice or left out,
 * what is kept and what is credited add up to what was charged, an execution does what its preview
 * has shown, and the events alone make the subscription again. {@code -Dsubscriptions.seed} runs a
 * seed again.
 */
@Tag("simulation")
final class HistoriesTest {
  private static final int RUNS = Integer.getInteger("subscriptions.runs", 1_000);
  private static final int RELEASE = 10_000;
  private static final long SEED = Long.getLong("subscriptions.seed", new Random().nextInt());
  private static final int STEPS = 12;

  private static final PlanBook PLANS =
      (plan, version) ->
          Histories.PLANS.stream()
              .filter(each -> each.plan().equals(plan) && each.version() == version)
              .findFirst()
              .orElseThrow();

  private final List<String> wrong = new ArrayList<>();
  private long previews;
  private long refused;

  @Test
  void randomHistories_chargeEachMomentOnce_andDoWhatTheirPreviewsShow() {
    Map<String, Integer> acts = new TreeMap<>();
    long lines = 0;
    for (int run = 0; run < RUNS; run++) {
      List<Step> history = history(SEED + run);
      for (String each : LineChecks.of(changes(history))) {
        wrong.add("seed " + (SEED + run) + ": " + each);
      }
      replay(history, SEED + run);
      for (Step step : history) {
        acts.merge(step.change().act().text(), 1, Integer::sum);
        lines += step.change().lines().size();
      }
    }
    Proof proof =
        Proof.sized("subscription-histories", RUNS, RELEASE)
            .with("runs", RUNS)
            .with("previews", previews)
            .with("refused", refused)
            .with("lines", lines)
            .with("wrong", wrong.size())
            .with("seed", SEED);
    acts.forEach(proof::with);
    proof.print();
    assertThat(wrong.stream().limit(5)).as("of seed %s", SEED).isEmpty();
    assertThat(acts).hasSize(Act.values().length);
  }

  /** A check that finds nothing would pass any history. */
  @Test
  void histories_withOneLineChanged_areFound() {
    int planted = 0;
    int found = 0;
    for (int run = 0; run < 200; run++) {
      List<Change> history = changes(history(SEED + run));
      for (int i = 0; i < history.size(); i++) {
        for (Change changed : withOneLineChanged(history.get(i))) {
          List<Change> wrongOne = new ArrayList<>(history);
          wrongOne.set(i, changed);
          planted++;
          found += LineChecks.of(wrongOne).isEmpty() ? 0 : 1;
        }
      }
    }
    Proof.of("subscription-histories-changed")
        .with("planted", planted)
        .with("found", found)
        .with("seed", SEED)
        .print();
    assertThat(found).isEqualTo(planted).isPositive();
  }

  /** A credit that is a cent too large, one that is missing, and a fee that is charged twice. */
  private static List<Change> withOneLineChanged(Change change) {
    List<Change> changed = new ArrayList<>();
    List<SubscriptionLine> lines = change.lines();
    for (int i = 0; i < lines.size(); i++) {
      SubscriptionLine line = lines.get(i);
      if (line.kind() == SubscriptionLine.LineKind.CREDIT && line.share().signum() > 0) {
        List<SubscriptionLine> more = new ArrayList<>(lines);
        more.set(i, withAmount(line, line.amount().minus(Money.of("USD", "0.01"))));
        changed.add(new Change(change.act(), change.at(), change.after(), more));
      }
      if (line.kind() == SubscriptionLine.LineKind.ADVANCE && line.from().isBefore(line.to())) {
        List<SubscriptionLine> twice = new ArrayList<>(lines);
        twice.add(line);
        changed.add(new Change(change.act(), change.at(), change.after(), twice));
      }
    }
    return changed;
  }

  private static SubscriptionLine withAmount(SubscriptionLine line, Money amount) {
    return new SubscriptionLine(
        line.kind(),
        line.plan(),
        line.version(),
        line.charge(),
        line.name(),
        line.from(),
        line.to(),
        line.share(),
        amount);
  }

  /** A history: each command at a later moment or the same, and all that time brings between. */
  private List<Step> history(long seed) {
    Histories random = new Histories(seed);
    List<Step> history = new ArrayList<>();
    Start start = random.start();
    history.addAll(Course.of(null, ZoneHistory.of(start.zone()), start, random.begin()).steps());
    for (int step = 0; step < STEPS; step++) {
      Subscription present = history.get(history.size() - 1).change().after();
      Command command = random.command(present);
      Instant at = random.after(present);
      ZoneHistory zones = random.zones(present, at);
      Course preview = Course.of(present, zones, command, at);
      Subscription stored = SubscriptionJson.read(SubscriptionJson.write(present), PLANS);
      Course execution = Course.of(stored, zones, command, at);
      if (!text(preview).equals(text(execution))) {
        wrong.add("seed " + seed + ": " + command + " at " + at + " of " + present);
      }
      previews++;
      refused += preview.refusal() == null ? 0 : 1;
      history.addAll(preview.steps());
    }
    return history;
  }

  private void replay(List<Step> history, long seed) {
    List<StoredCommand> stored = new ArrayList<>();
    for (Step step : history) {
      String json = CommandJson.write(step.command()).toString();
      stored.add(
          new StoredCommand(
              CommandJson.read(SubscriptionJson.tree(json), PLANS), step.change().at()));
    }
    Subscription last = history.get(history.size() - 1).change().after();
    String again = SubscriptionJson.write(History.replayed(stored));
    if (!again.equals(SubscriptionJson.write(last))) {
      wrong.add("seed " + seed + ": the events make " + again);
    }
  }

  private static List<Change> changes(List<Step> history) {
    return history.stream().map(Step::change).toList();
  }

  /** All that a course is, as it would be shown and stored. */
  private static String text(Course course) {
    StringBuilder text = new StringBuilder().append(course.refusal());
    for (Step step : course.steps()) {
      text.append(step.change().act())
          .append(step.change().at())
          .append(step.change().lines())
          .append(SubscriptionJson.write(step.change().after()));
    }
    return text.toString();
  }
}
