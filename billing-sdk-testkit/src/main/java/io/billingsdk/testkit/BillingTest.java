package io.billingsdk.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test class of a service that reports by {@link io.billingsdk.Billing}: each test has a {@link
 * TestBilling} of its own installed there, and takes it as a parameter. {@link BillingExtension}
 * says what happens before and after.
 *
 * <p>Where JUnit runs test classes in parallel, those with this annotation run one after the other,
 * since a process has one {@code Billing}; all others run beside them. Nested classes inherit the
 * annotation.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(BillingExtension.class)
@ResourceLock(BillingExtension.RESOURCE)
public @interface BillingTest {}
