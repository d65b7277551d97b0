package io.billingsdk.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the properties in the place of a stack trace. */
final class BillingPropertiesFailureAnalyzer
    extends AbstractFailureAnalyzer<BillingPropertiesException> {

  BillingPropertiesFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, BillingPropertiesException cause) {
    return new FailureAnalysis(
        "The billing client cannot be configured: " + cause.getMessage(),
        "Correct the properties billing.* in application.yml or the environment (BILLING_HOST,"
            + " BILLING_USERNAME and so on), or define a bean of type BillingClient.",
        cause);
  }
}
