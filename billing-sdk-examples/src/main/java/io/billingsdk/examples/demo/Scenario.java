package io.billingsdk.examples.demo;

import io.billingsdk.DrainReport;
import io.billingsdk.examples.billingsystem.IssuedKey;
import io.billingsdk.examples.client.CallPlan;
import io.billingsdk.examples.client.CallResult;
import io.billingsdk.examples.client.GatewayClient;
import io.billingsdk.examples.client.PlannedCall;
import io.billingsdk.examples.demo.Narrator.Voice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The story of the demo: half of the calls, a key is blocked, the other half; then everything is
 * delivered and compared.
 */
public final class Scenario {
  private static final Duration PUSH_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(60);
  private static final String REASON = "invoice 1042 is overdue";

  private final DemoWorld world;
  private final Narrator narrator;

  private Scenario(DemoWorld world, Narrator narrator) {
    this.world = world;
    this.narrator = narrator;
  }

  /**
   * Plays it in a world where nothing was called yet.
   *
   * @throws IOException when it cannot be played to its end; what does not agree is in the result
   */
  public static ScenarioResult play(DemoWorld world, ScenarioSettings settings, Narrator narrator)
      throws IOException, InterruptedException {
    return new Scenario(world, narrator).play(settings);
  }

  private ScenarioResult play(ScenarioSettings settings) throws IOException, InterruptedException {
    CallPlan plan = CallPlan.of(settings.calls(), settings.seed(), settings.inputs());
    List<CallResult> results = new ArrayList<>();
    try (GatewayClient client = world.newClient(settings.inputs());
        Callers callers = new Callers(client, new Highlights(narrator))) {
      results.addAll(half(callers, "first", plan.firstHalf()));
      blockOne();
      results.addAll(half(callers, "second", plan.secondHalf()));
    }
    return settle(plan, new Observed(results));
  }

  private List<CallResult> half(Callers callers, String which, List<PlannedCall> calls)
      throws InterruptedException {
    double start = narrator.seconds();
    narrator.say(Voice.CLIENT, "%s half: %d calls", which, calls.size());
    List<CallResult> results = callers.makeAll(calls);
    Observed observed = new Observed(results);
    narrator.say(
        Voice.CLIENT,
        "%s half: %d allowed, %d denied, in %.1f s",
        which,
        observed.allowed(),
        observed.denied().values().stream().mapToLong(Long::longValue).sum(),
        narrator.seconds() - start);
    return results;
  }

  private void blockOne() throws IOException, InterruptedException {
    IssuedKey key = world.apps().blockedHalfWay();
    narrator.say(Voice.BILLING, "blocks the key of %s: %s", key.appId(), REASON);
    if (!world.block(key, REASON, PUSH_TIMEOUT)) {
      throw new IOException("the gateway did not hear of the block within " + PUSH_TIMEOUT);
    }
  }

  private ScenarioResult settle(CallPlan plan, Observed observed) {
    DrainReport drain = world.flush(FLUSH_TIMEOUT);
    narrator.say(
        Voice.GATEWAY,
        "flushed: %d delivered, %d held, %d set aside",
        drain.delivered(),
        drain.held(),
        drain.deadLettered());
    world.billing().ledger().awaitStored(drain.delivered(), FLUSH_TIMEOUT);
    Verdict.Accounts accounts =
        new Verdict.Accounts(
            plan,
            world.apps(),
            observed,
            world.tally().lines(),
            world.tally().rejected(),
            world.billing().ledger().lines(),
            world.billing().ledger().figures(),
            drain);
    narrator.say(
        Voice.BILLING,
        "stored %d reports; %d repeats and %d malformed were refused",
        accounts.arrived().stored(),
        accounts.arrived().duplicates(),
        accounts.arrived().malformed());
    return result(accounts);
  }

  private static ScenarioResult result(Verdict.Accounts accounts) {
    Observed observed = accounts.observed();
    return new ScenarioResult(
        observed.results().size(),
        observed.allowed(),
        observed.failed(),
        observed.denied(),
        accounts.reported(),
        accounts.stored(),
        accounts.arrived(),
        accounts.drain(),
        Verdict.problems(accounts));
  }
}
