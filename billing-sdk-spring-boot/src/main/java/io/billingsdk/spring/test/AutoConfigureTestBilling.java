package io.billingsdk.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * On a test class with {@code @SpringBootTest}, or another that creates a context: the billing
 * client of the context is a {@link io.billingsdk.testkit.TestBilling}, which the test can inject.
 * It needs no property {@code billing.*}, no broker and no journal; interceptors, health and
 * metrics are those of production, and use it.
 *
 * <p>One client serves all tests that share the context, which Spring keeps: give keys in each
 * test, and call {@code forgetEvents()} before it. It is not installed as the client of the
 * process: {@code Billing.reportUsage} does not find it.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(TestBillingConfiguration.class)
public @interface AutoConfigureTestBilling {}
