package io.billingsdk.peers;

import org.jspecify.annotations.Nullable;

/**
 * Between a sink and its list of arrivals: a fault may be planted here, which the harness must
 * count.
 *
 * @param dropEvery every so many events are thrown away; 0: none
 * @param repeatEvery every so many events are taken as if they had come twice; 0: none
 */
record Intake(Arrivals arrivals, int dropEvery, int repeatEvery) {

  void add(String id, @Nullable String identity) {
    int number = Sample.number(id);
    if (dropEvery > 0 && number % dropEvery == 0) {
      return;
    }
    arrivals.add(number, identity);
    if (repeatEvery > 0 && number % repeatEvery == 0) {
      arrivals.add(number, identity);
    }
  }
}
