package io.billingsdk.server.control;

import io.billingsdk.server.feature.Feature;
import java.util.List;

/** A feature that leases quotas to instances. A server has one at most. */
public interface LeasingFeature extends Feature {
  /** Answers instances, from the constructor on. */
  InstanceLeases leases();

  /** That of the one among these features that leases; {@link InstanceLeases#NONE} without one. */
  static InstanceLeases of(List<Feature> features) {
    return features.stream()
        .filter(LeasingFeature.class::isInstance)
        .map(each -> ((LeasingFeature) each).leases())
        .findFirst()
        .orElse(InstanceLeases.NONE);
  }
}
