/** {@code billing doctor}: tries what a service needs, one thing after the other. */
@NullMarked
package io.billingsdk.cli.doctor;

import org.jspecify.annotations.NullMarked;
