package io.billingsdk.spring;

import io.billingsdk.BillingConfigBuilder;

/**
 * A bean that adds settings of the billing client that properties cannot express, such as a
 * supplier of credentials that rotate. It must not repeat a setting that a property has given.
 */
@FunctionalInterface
public interface BillingConfigCustomizer {

  /** Called once, after the properties were applied. */
  void customize(BillingConfigBuilder builder);
}
