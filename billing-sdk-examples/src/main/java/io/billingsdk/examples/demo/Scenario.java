package io.billingsdk.examples.demo;

import io.billingsdk.DrainReport;
import io.billingsdk.examples.demo.Narrator.Voice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The story of the demo: half of the calls, a key is blocked, the other half, in whose middle the
 * billing server is killed; then everything is delivered and compared.
 */
public final class Scenario {
  private static final Duration PUSH_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 200;
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
    long held;
    try (GatewayClient client = world.newClient(settings.inputs());
        Callers callers = new Callers(client, new Highlights(narrator))) {
      results.addAll(calls(callers, "first half", plan.firstHalf()));
      blockOne();
      List<PlannedCall> second = plan.secondHalf();
      results.addAll(calls(callers, "third quarter", second.subList(0, second.size() / 2)));
      killServer();
      results.addAll(
          calls(callers, "last quarter", second.subList(second.size() / 2, second.size())));
      held = world.status().delivery().pending();
      narrator.say(
          Voice.GATEWAY, "answered without a billing server; %d events wait on disk", held);
    }
    restartServer();
    return settle(plan, new Observed(results), held);
  }

  private List<CallResult> calls(Callers callers, String which, List<PlannedCall> calls)
      throws InterruptedException {
    double start = narrator.seconds();
    narrator.say(Voice.CLIENT, "%s: %d calls", which, calls.size());
    List<CallResult> results = callers.makeAll(calls);
    Observed observed = new Observed(results);
    narrator.say(
        Voice.CLIENT,
        "%s: %d allowed, %d denied, in %.1f s",
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

  private void killServer() throws InterruptedException {
    world.server().kill9();
    narrator.say(Voice.BILLING, "killed with SIGKILL");
  }

  private void restartServer() throws IOException {
    narrator.say(Voice.BILLING, "starts again on the data that it left");
    world.server().start();
    narrator.say(Voice.BILLING, "serves");
  }

  private ScenarioResult settle(CallPlan plan, Observed observed, long held)
      throws IOException, InterruptedException {
    DrainReport drain = world.flush(FLUSH_TIMEOUT);
    narrator.say(
        Voice.GATEWAY,
        "flushed: %d delivered, %d held, %d set aside",
        drain.delivered(),
        drain.held(),
        drain.deadLettered());
    LedgerState ledger = completeLedger();
    narrator.say(
        Voice.BILLING,
        "by SQL: %d events stored, %d refused; %d streams, %d numbers missing",
        ledger.stored(),
        ledger.refused(),
        ledger.streams().size(),
        ledger.missing());
    long counted = world.server().countedCalls(world.apps().valid());
    narrator.say(
        Voice.BILLING,
        "quota of %s: %d of %d calls used",
        world.apps().valid().appId(),
        counted,
        DemoWorld.QUOTA);
    return result(
        new Verdict.Accounts(
            plan,
            world.apps(),
            observed,
            world.tally().lines(),
            world.tally().rejected(),
            ledger,
            counted,
            drain),
        held);
  }

  /** With the next sign of life the gateway says how far its stream is. */
  private LedgerState completeLedger() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + HELLO_TIMEOUT.toNanos();
    LedgerState ledger = world.server().ledger();
    while (!ledger.isComplete() && System.nanoTime() - deadline < 0) {
      Thread.sleep(POLL_MILLIS);
      ledger = world.server().ledger();
    }
    return ledger;
  }

  private static ScenarioResult result(Verdict.Accounts accounts, long held) {
    Observed observed = accounts.observed();
    return new ScenarioResult(
        observed.results().size(),
        observed.allowed(),
        observed.failed(),
        observed.denied(),
        accounts.reported(),
        held,
        accounts.ledger(),
        accounts.drain(),
        Verdict.problems(accounts));
  }
}
