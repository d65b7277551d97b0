package io.billingsdk.spring.test;

import io.billingsdk.testkit.TestBilling;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the client of tests into a context, where the one of production steps back for it. */
@Configuration(proxyBeanMethods = false)
class TestBillingConfiguration {

  @Bean
  TestBilling testBilling() {
    return TestBilling.create();
  }
}
