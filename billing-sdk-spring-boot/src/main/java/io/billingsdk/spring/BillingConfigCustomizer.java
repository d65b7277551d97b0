package io.billingsdk.spring;

import io.billingsdk.BillingConfigBuilder;

/**
 * A bean that adds to the settings of the billing client what properties cannot say, such as a
 * supplier of credentials that rotate. A setting that a property has given may not be given again.
 */
@FunctionalInterface
public interface BillingConfigCustomizer {

  /** Called once, after the properties were applied. */
  void customize(BillingConfigBuilder builder);
}
