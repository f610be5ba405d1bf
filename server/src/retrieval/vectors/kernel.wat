;; The scan of one block of vectors, the only code that runs for every vector of a search.
;;
;; Rows are signed bytes, one after the other, their width a multiple of 16; the query has the same width in signed
;; 16-bit numbers. What is written is the product of both times the row's scale. The caller has made the query so small
;; that no sum leaves 32 bits.
(module
  (import "host" "memory" (memory 1 65536))
  (func (export "scan")
    (param $row i32) (param $count i32) (param $width i32) (param $scale i32) (param $query i32) (param $out i32)
    (local $end i32) (local $at i32) (local $bytes v128) (local $low v128) (local $high v128)
    (block $done
      (br_if $done (i32.eqz (local.get $count)))
      (loop $rows
        (local.set $end (i32.add (local.get $row) (local.get $width)))
        (local.set $at (local.get $query))
        (local.set $low (v128.const i32x4 0 0 0 0))
        (local.set $high (v128.const i32x4 0 0 0 0))
        (loop $columns
          (local.set $bytes (v128.load (local.get $row)))
          (local.set $low (i32x4.add (local.get $low)
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load (local.get $at)))))
          (local.set $high (i32x4.add (local.get $high)
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=16 (local.get $at)))))
          (local.set $row (i32.add (local.get $row) (i32.const 16)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (br_if $columns (i32.lt_u (local.get $row) (local.get $end))))
        (local.set $low (i32x4.add (local.get $low) (local.get $high)))
        (f32.store (local.get $out) (f32.mul
          (f32.load (local.get $scale))
          (f32.convert_i32_s (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $low)) (i32x4.extract_lane 1 (local.get $low)))
            (i32.add (i32x4.extract_lane 2 (local.get $low)) (i32x4.extract_lane 3 (local.get $low)))))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $scale (i32.add (local.get $scale) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br_if $rows (local.get $count))))))
