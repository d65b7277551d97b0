package io.billingsdk.examples.demo;

/**
 * What the client does in a {@link Scenario}.
 *
 * @param calls how many, at least {@link CallPlan#FEWEST_CALLS}
 * @param seed the same seed and inputs give the same calls
 * @param inputs what it sends
 */
public record ScenarioSettings(int calls, long seed, DemoInputs inputs) {}
