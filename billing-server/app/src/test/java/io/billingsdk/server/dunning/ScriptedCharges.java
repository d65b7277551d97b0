package io.billingsdk.server.dunning;

import io.billingsdk.server.payments.PaymentWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** A provider that answers by a script, and books what it was paid. */
final class ScriptedCharges implements ChargeAttempts {
  private final PaymentWorld world;
  private final BiFunction<String, Integer, AttemptOutcome> script;
  final List<String> calls = new ArrayList<>();

  ScriptedCharges(PaymentWorld world, BiFunction<String, Integer, AttemptOutcome> script) {
    this.world = world;
    this.script = script;
  }

  @Override
  public AttemptOutcome charge(String number, int attempt) {
    calls.add(number + "/" + attempt);
    AttemptOutcome outcome = script.apply(number, attempt);
    if (outcome instanceof Succeeded) {
      world.payAll(number);
    }
    return outcome;
  }
}
