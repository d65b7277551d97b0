/** Set-ups with faults in them, and what the doctor says of them. */
@NullMarked
package io.billingsdk.cli.doctor;

import org.jspecify.annotations.NullMarked;
