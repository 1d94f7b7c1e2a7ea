-- Drop the triggers that keep the hierarchies free of circles, and their functions.
--
-- locks: public.employees ACCESS EXCLUSIVE, then public.departments ACCESS EXCLUSIVE, for milliseconds

-- unit: employees
-- locks: public.employees ACCESS EXCLUSIVE

DROP TRIGGER refuse_manager_cycle ON public.employees;

-- unit: departments
-- locks: public.departments ACCESS EXCLUSIVE

DROP TRIGGER refuse_department_cycle ON public.departments;

-- unit: functions

DROP FUNCTION public.refuse_manager_cycle();
DROP FUNCTION public.refuse_department_cycle();
